import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatMonetary} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/** What is open by age, one row per bucket; a row opens its items. */
export class CreditAgingField extends Component {
    static template = "credit_collections.CreditAgingField";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get picture() {
        return this.props.record.data[this.props.name];
    }

    get rows() {
        const {buckets} = this.picture;
        const most = Math.max(...buckets.map((bucket) => bucket.amount)) || 1;
        return buckets.map((bucket, level) => ({
            ...bucket,
            level,
            width: (bucket.amount / most) * 100,
        }));
    }

    money(amount) {
        return formatMonetary(amount, {currencyId: this.picture.currency_id});
    }

    async open(bucket) {
        this.action.doAction(
            await this.orm.call(this.props.record.resModel, "action_open_bucket", [
                [this.props.record.resId],
                bucket.first,
                bucket.last,
            ])
        );
    }
}

registry.category("fields").add("credit_aging", {
    component: CreditAgingField,
    displayName: _t("Aging"),
    supportedTypes: ["json"],
});
