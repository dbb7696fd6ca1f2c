import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/* A credit controller raises the limit for some weeks, and submits it. */
tours.add("credit_limit_propose", {
    steps: () => [
        {
            trigger: "button[name=action_temporary_limit]:visible",
            run: "click",
        },
        {
            content: "The draft has a line for the customer, with the limit so far",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(Limited) td[name=new_limit]:contains(1,000.00)",
            run: "click",
        },
        {
            trigger: ".o_data_row .o_field_widget[name=new_limit] input",
            run: "edit 2000",
        },
        {
            trigger: ".o_field_widget[name=description] input",
            run: "edit The season has begun",
        },
        {
            trigger: "button[name=action_submit]:visible",
            run: "click",
        },
        {
            content: "It waits for a credit manager",
            trigger: ".alert-info:contains(Waits for the approval of)",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Submitted)",
        },
    ],
});

/* A credit manager finds the change, reads it and approves it. */
tours.add("credit_limit_approve", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(The season has begun) td[name=target_name]",
            run: "click",
        },
        {
            content: "From 1,000 to 2,000",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(1,000.00):contains(2,000.00)",
        },
        {
            trigger: "button[name=action_approve]:visible",
            run: "click",
        },
        {
            content: "Approved and posted in one go",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Posted)",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

/* The salesperson confirms the order that was held. */
tours.add("credit_limit_confirm", {
    steps: () => [
        {
            trigger: "button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "The order passes",
            trigger:
                ".o_statusbar_status .o_arrow_button_current:contains(Sales Order)",
        },
    ],
});
