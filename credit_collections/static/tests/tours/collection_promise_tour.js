import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/* A collector takes a promise for all that is overdue, and the reminders wait. */
tours.add("collection_promise", {
    steps: () => [
        {
            content: "The next step is on the page of the customer",
            trigger: ".o_field_widget[name=next_step_id]:contains(First)",
        },
        {
            trigger: "button[name=action_promise]:visible",
            run: "click",
        },
        {
            content: "All overdue items are there, with their sum",
            trigger: ".modal .o_field_widget[name=amount] input:value(150.00)",
        },
        {
            trigger: ".modal footer button[name=action_make]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "The next step waits until the last day of the promise",
            trigger: ".o_field_widget[name=promised_until]",
        },
        {
            trigger: ".o_form_view:not(:has(.o_field_widget[name=next_step_id]))",
        },
        {
            content: "Open the promise",
            trigger: "button[name=action_open_promises]",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Tour Debtor) td[name=amount]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Open)",
        },
    ],
});
