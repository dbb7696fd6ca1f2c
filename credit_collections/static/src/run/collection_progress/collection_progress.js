import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";
import {onMounted, onWillUnmount} from "@odoo/owl";
import {registry} from "@web/core/registry";

/** Milliseconds after which the record is read again. */
export const INTERVAL = 5000;

/**
 * A progress bar that moves: while it is on the screen, its record is read again. It is
 * for forms that show it only as long as a job is at work, and nobody edits them.
 */
export class CollectionProgressField extends ProgressBarField {
    setup() {
        super.setup();
        let timer = null;
        onMounted(() => {
            timer = setInterval(() => this.props.record.load(), INTERVAL);
        });
        onWillUnmount(() => clearInterval(timer));
    }
}

registry.category("fields").add("collection_progress", {
    ...progressBarField,
    component: CollectionProgressField,
});
