import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatMonetary} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {CreditBar} from "../../exposure/credit_bar/credit_bar";

const TITLES = {
    clear: _t("Credit"),
    broken: _t("This order would be held"),
    held: _t("On credit hold"),
    rejected: _t("Credit rejected"),
    released: _t("Released"),
};

const LEVELS = {
    clear: "info",
    broken: "warning",
    held: "danger",
    rejected: "danger",
    released: "success",
};

const ICONS = {
    clear: "fa-tachometer",
    broken: "fa-exclamation-triangle",
    held: "fa-hand-paper-o",
    rejected: "fa-ban",
    released: "fa-unlock-alt",
};

/** What the credit policy says about an order, while it is written and while it is held. */
export class CreditPanelField extends Component {
    static template = "credit_collections.CreditPanelField";
    static components = {CreditBar};
    static props = {...standardFieldProps};

    get panel() {
        return this.props.record.data[this.props.name];
    }

    get title() {
        return TITLES[this.panel.state];
    }

    get level() {
        return LEVELS[this.panel.state];
    }

    get icon() {
        return ICONS[this.panel.state];
    }

    get request() {
        const {user, date, note} = this.panel.asked;
        const asked = toLocaleDateTimeString(deserializeDateTime(date));
        return _t("%(user)s asked for the release on %(date)s: “%(note)s”", {
            user,
            date: asked,
            note,
        });
    }

    money(amount) {
        return formatMonetary(amount, {currencyId: this.panel.currency_id});
    }
}

registry.category("fields").add("credit_panel", {
    component: CreditPanelField,
    displayName: _t("Credit Verdict"),
    supportedTypes: ["json"],
});
