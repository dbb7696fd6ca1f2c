import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const ONE_DIGIT = {digits: [5, 1]};

/** What a risk score is made of: each fact, what it gives, and what that adds. */
export class CreditRiskField extends Component {
    static template = "credit_collections.CreditRiskField";
    static props = {...standardFieldProps};

    get picture() {
        return this.props.record.data[this.props.name];
    }

    get total() {
        return formatFloat(this.picture.score, ONE_DIGIT);
    }

    get rows() {
        return this.picture.parts.map((part) => ({
            ...part,
            isKnown: part.points !== null,
            level: this.levelOf(part.score),
            weightText: formatFloat(part.weight, {digits: [5, 0]}),
            scoreText: part.points === null ? "" : formatFloat(part.score, ONE_DIGIT),
            pointsText: part.points === null ? "" : formatFloat(part.points, ONE_DIGIT),
        }));
    }

    levelOf(score) {
        if (score < 30) {
            return "success";
        }
        return score < 60 ? "warning" : "danger";
    }
}

registry.category("fields").add("credit_risk", {
    component: CreditRiskField,
    displayName: _t("Risk Score"),
    supportedTypes: ["json"],
});
