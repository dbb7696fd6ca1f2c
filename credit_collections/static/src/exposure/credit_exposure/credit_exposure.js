import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatMonetary, formatPercentage} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";
import {levelOf} from "../credit_bar/credit_bar";

/**
 * The exposure of a customer as one bar against the limit, with a line per component
 * that opens the records behind it. Components that lower the exposure are shown beside
 * the bar, as they take nothing.
 */
export class CreditExposureField extends Component {
    static template = "credit_collections.CreditExposureField";
    static props = {...standardFieldProps, compact: {type: Boolean, optional: true}};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get picture() {
        return this.props.record.data[this.props.name];
    }

    get isLimited() {
        return this.picture.limit !== null;
    }

    get parts() {
        return this.picture.parts.filter((part) => part.amount || !this.props.compact);
    }

    /** What the whole width of the bar stands for: the limit, or more when it is passed. */
    get scale() {
        const taken = this.picture.parts.reduce(
            (sum, part) => sum + Math.max(part.amount, 0),
            0
        );
        return Math.max(taken, this.picture.limit || 0) || 1;
    }

    get segments() {
        return this.picture.parts
            .filter((part) => part.amount > 0)
            .map((part) => ({
                ...part,
                width: (part.amount / this.scale) * 100,
            }));
    }

    /** What lowers the exposure, hatched at the end of what it is taken from. */
    get relief() {
        const taken = this.segments.reduce((sum, part) => sum + part.width, 0);
        const lowered = this.picture.parts.reduce(
            (sum, part) => sum - Math.min(part.amount, 0),
            0
        );
        const width = Math.min((lowered / this.scale) * 100, taken);
        return {left: taken - width, width, amount: lowered};
    }

    get limitPosition() {
        return Math.min((this.picture.limit / this.scale) * 100, 100);
    }

    get used() {
        const {limit, exposure} = this.picture;
        if (!this.isLimited || exposure <= 0) {
            return 0;
        }
        return limit > 0 ? exposure / limit : 10;
    }

    get level() {
        return levelOf(this.used);
    }

    get usedText() {
        return formatPercentage(this.used, {digits: [16, 0]});
    }

    money(amount) {
        return formatMonetary(amount, {currencyId: this.picture.currency_id});
    }

    /** Tooltips; in the template they would not be translated. */
    segmentTitle(part) {
        return `${part.label}: ${this.money(part.amount)}`;
    }

    get reliefTitle() {
        return _t("Lowered by %s", this.money(this.relief.amount));
    }

    get limitTitle() {
        return _t("Limit: %s", this.money(this.picture.limit));
    }

    get available() {
        return this.picture.limit - this.picture.exposure;
    }

    async open(part) {
        const {record} = this.props;
        const profileId =
            record.resModel === "credit.profile"
                ? record.resId
                : record.data.credit_profile_id.id;
        this.action.doAction(
            await this.orm.call("credit.profile", "action_open_component", [
                [profileId],
                part.name,
            ])
        );
    }
}

registry.category("fields").add("credit_exposure", {
    component: CreditExposureField,
    displayName: _t("Exposure"),
    supportedTypes: ["json"],
    extractProps: ({options}) => ({compact: Boolean(options.compact)}),
});
