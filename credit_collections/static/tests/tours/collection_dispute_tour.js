import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/* A collector disputes part of one item of a late customer, and proposes a credit. */
tours.add("collection_dispute_collector", {
    steps: () => [
        {
            content: "Open a dispute from the page of the customer",
            trigger: "button[name=action_dispute]",
            run: "click",
        },
        {
            content: "Say what it is about",
            trigger: ".modal .o_field_widget[name=reason_id] input",
            run: "edit Missing pieces",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Missing pieces)",
            run: "click",
        },
        {
            content: "The department follows from the reason",
            trigger: ".modal .o_field_widget[name=department_id] input:value(Dispatch)",
        },
        {
            content: "Only part of the item is wrong",
            trigger: ".modal .o_data_row td[name=amount]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row .o_field_widget[name=amount] input",
            run: "edit 40",
        },
        {
            trigger: ".modal button[name=action_open]",
            run: "click",
        },
        {
            content: "The dispute is open, with its number",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Open)",
        },
        {
            content: "The department agrees",
            trigger: "button[name=action_accept]",
            run: "click",
        },
        {
            trigger: ".modal textarea",
            run: "edit Two boxes were missing",
        },
        {
            trigger: ".modal button[name=action_accept]",
            run: "click",
        },
        {
            content: "A credit manager has to approve it",
            trigger: ".alert-info:contains(a credit of)",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

/* A credit manager approves; the credit note is posted and nothing is suspended. */
tours.add("collection_dispute_manager", {
    steps: () => [
        {
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            content: "The draft credit note opens",
            trigger: ".o_breadcrumb:contains(Credit Note)",
        },
        {
            trigger: ".o_back_button a",
            run: "click",
        },
        {
            trigger: "button[name=action_post_credit_notes]",
            run: "click",
        },
        {
            content: "Accepted, and nothing is left out of collections any more",
            trigger: "body:not(:has(button[name=action_post_credit_notes]))",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Accepted)",
        },
    ],
});

/* The collector sees what is left. */
tours.add("collection_dispute_rest", {
    steps: () => [
        {
            content: "100 less the 40 that were credited",
            trigger:
                ".o_data_row:contains(Complainer) td[name=amount_residual]:contains(60.00)",
        },
    ],
});
