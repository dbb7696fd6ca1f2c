import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatMonetary, formatPercentage} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Colour of the use of a limit: quiet, close to it, over it. */
export function levelOf(used) {
    if (used > 1) {
        return "danger";
    }
    return used > 0.8 ? "warning" : "success";
}

/**
 * The use of a limit as a coloured bar. `used` is a share: 0.9 = 90 %. With `usedAfter`
 * what an order would add is hatched, and the text is the share after it.
 */
export class CreditBar extends Component {
    static template = "credit_collections.CreditBar";
    static props = {
        used: Number,
        usedAfter: {type: Number, optional: true},
    };

    get level() {
        return levelOf(Math.max(this.props.used, this.props.usedAfter || 0));
    }

    get width() {
        return Math.max(0, Math.min(this.props.used, 1)) * 100;
    }

    get widthAfter() {
        const after = Math.min(this.props.usedAfter || 0, 1) * 100;
        return Math.max(0, after - this.width);
    }

    get text() {
        const used = this.props.usedAfter ?? this.props.used;
        return formatPercentage(used, {digits: [16, 0]});
    }
}

/** Field widget on the share of the limit in use. */
export class CreditLimitBarField extends Component {
    static template = "credit_collections.CreditLimitBarField";
    static components = {CreditBar};
    static props = {...standardFieldProps};

    get isLimited() {
        return this.props.record.data.is_limited !== false;
    }

    get used() {
        return this.props.record.data[this.props.name] || 0;
    }
}

registry.category("fields").add("credit_limit_bar", {
    component: CreditLimitBarField,
    displayName: _t("Use of Credit Limit"),
    supportedTypes: ["float"],
    fieldDependencies: [{name: "is_limited", type: "boolean"}],
});

/** The same where there always is a limit, as of credit groups. */
registry.category("fields").add("credit_group_bar", {
    component: CreditLimitBarField,
    displayName: _t("Use of Group Limit"),
    supportedTypes: ["float"],
});

/** Field widget for the smart button of a partner: what is available, and a bar. */
export class CreditBarField extends Component {
    static template = "credit_collections.CreditBarField";
    static components = {CreditBar};
    static props = {...standardFieldProps};

    get picture() {
        return this.props.record.data[this.props.name];
    }

    get isLimited() {
        return this.picture && this.picture.limit !== null;
    }

    get used() {
        const {limit, exposure} = this.picture;
        if (exposure <= 0) {
            return 0;
        }
        return limit > 0 ? exposure / limit : 10;
    }

    get text() {
        if (!this.picture) {
            return _t("None yet");
        }
        const {limit, exposure, currency_id: currencyId} = this.picture;
        if (!this.isLimited) {
            return _t("Unlimited");
        }
        const available = formatMonetary(limit - exposure, {currencyId});
        return _t("%s available", available);
    }
}

registry.category("fields").add("credit_bar", {
    component: CreditBarField,
    displayName: _t("Available Credit"),
    supportedTypes: ["json"],
});
