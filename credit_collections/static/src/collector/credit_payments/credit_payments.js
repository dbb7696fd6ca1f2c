import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatMonetary} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** What was paid month by month: height is the amount, colour the days of delay. */
export class CreditPaymentsField extends Component {
    static template = "credit_collections.CreditPaymentsField";
    static props = {...standardFieldProps};

    get picture() {
        return this.props.record.data[this.props.name];
    }

    get isEmpty() {
        return !this.picture.months.some((month) => month.amount > 0);
    }

    get bars() {
        const {months} = this.picture;
        const most = Math.max(...months.map((month) => month.amount)) || 1;
        return months.map((month) => ({
            ...month,
            height: Math.max((month.amount / most) * 100, month.amount ? 4 : 0),
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
        if (month.days_late === null) {
            return _t("%s: nothing paid", month.label);
        }
        const amount = formatMonetary(month.amount, {
            currencyId: this.picture.currency_id,
        });
        return _t("%(month)s: %(amount)s paid, %(days)s days after the due date", {
            month: month.label,
            amount,
            days: month.days_late,
        });
    }
}

registry.category("fields").add("credit_payments", {
    component: CreditPaymentsField,
    displayName: _t("Payments"),
    supportedTypes: ["json"],
});
