import {ListController} from "@web/views/list/list_controller";
import {_t} from "@web/core/l10n/translation";
import {listView} from "@web/views/list/list_view";
import {onWillStart} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** A list of customers that says so while figures are filled after an installation. */
export class CreditFillingListController extends ListController {
    static template = "credit_collections.CreditFillingListView";

    setup() {
        super.setup();
        const orm = useService("orm");
        onWillStart(async () => {
            const isFilling = await orm.call("credit.profile", "is_being_filled");
            this.filling =
                isFilling &&
                _t(
                    "Figures are still being filled: see Configuration, Scheduled Steps."
                );
        });
    }
}

registry.category("views").add("credit_filling_list", {
    ...listView,
    Controller: CreditFillingListController,
});
