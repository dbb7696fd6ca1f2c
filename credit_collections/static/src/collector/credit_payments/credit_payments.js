import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatMonetary} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * What was paid month by month: height is the amount, colour the days of delay. What was
 * written off is no payment; it stands above what was paid, without a colour.
 */
export class CreditPaymentsField extends Component {
    static template = "credit_collections.CreditPaymentsField";
    static props = {...standardFieldProps};

    get picture() {
        return this.props.record.data[this.props.name];
    }

    get isEmpty() {
        return !this.picture.months.some(
            (month) => month.amount > 0 || month.written_off > 0
        );
    }

    get hasWrittenOff() {
        return this.picture.months.some((month) => month.written_off > 0);
    }

    get writtenOff() {
        return _t("written off");
    }

    get bars() {
        const {months} = this.picture;
        const most =
            Math.max(...months.map((month) => month.amount + month.written_off)) || 1;
        const heightOf = (amount) =>
            amount > 0 ? Math.max((amount / most) * 100, 4) : 0;
        return months.map((month) => ({
            ...month,
            height: heightOf(month.amount),
            heightOff: heightOf(month.written_off),
            level: this.levelOf(month.days_late),
            title: this.titleOf(month),
        }));
    }

    levelOf(days) {
        if (days === null || days <= 0) {
            return "success";
        }
        return days <= 15 ? "warning" : "danger";
    }

    titleOf(month) {
        const paid = this.paidOf(month);
        if (!month.written_off) {
            return paid;
        }
        const amount = this.format(month.written_off);
        return paid + "\n" + _t("%s written off", amount);
    }

    paidOf(month) {
        if (month.days_late === null) {
            return _t("%s: nothing paid", month.label);
        }
        return _t("%(month)s: %(amount)s paid, %(days)s days after the due date", {
            month: month.label,
            amount: this.format(month.amount),
            days: month.days_late,
        });
    }

    format(amount) {
        return formatMonetary(amount, {currencyId: this.picture.currency_id});
    }
}

registry.category("fields").add("credit_payments", {
    component: CreditPaymentsField,
    displayName: _t("Payments"),
    supportedTypes: ["json"],
});
