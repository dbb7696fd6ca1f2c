import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/* A salesperson confirms an order over the limit, and asks for its release. */
tours.add("credit_hold_salesperson", {
    steps: () => [
        {
            content: "The panel warns before anything is confirmed",
            trigger: ".o_credit_panel[data-state=broken] li:contains(too much)",
        },
        {
            content: "Confirm all the same",
            trigger: "button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "The order is on hold, with its reason",
            trigger: ".o_credit_panel[data-state=held] li:contains(too much)",
        },
        {
            content: "It stays a quotation",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Quotation)",
        },
        {
            content: "Ask for the release",
            trigger: "button[name=action_credit_request]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=note] input",
            run: "edit Paid this morning",
        },
        {
            trigger: ".modal button[name=action_request]",
            run: "click",
        },
        {
            content: "The panel says who asked for the release and why",
            trigger:
                ".o_credit_panel_request:contains(credit_sales):contains(Paid this morning)",
        },
        {
            content: "Asking again is possible, and no longer the thing to do",
            trigger:
                "button.btn-secondary[name=action_credit_request]:contains(Ask Again)",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

/* A credit manager reads why, releases it, and the list is empty. */
tours.add("credit_hold_manager", {
    steps: () => [
        {
            content: "The held order is on the list, with its reason",
            trigger: ".o_data_row:contains(Limited) td:contains(Credit limit used)",
            run: "click",
        },
        {
            content: "The reason is told in words, and what the salesperson says",
            trigger: ".o_field_widget[name=line_ids] td:contains(too much)",
        },
        {
            trigger: ".alert-info:contains(Paid this morning)",
        },
        {
            trigger: "button[name=action_release]:visible",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=note] input",
            run: "edit Proof of payment seen",
        },
        {
            trigger: ".modal footer button[name=action_release]",
            run: "click",
        },
        {
            content: "Released",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Released)",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

/* A credit manager sets a limit and opens the records behind a part of the exposure. */
tours.add("credit_profile_limit", {
    steps: () => [
        {
            trigger:
                ".o_field_widget[name=limit_policy] select, .o_field_widget[name=limit_policy] input",
        },
        {
            trigger: ".o_field_widget[name=credit_limit] input",
            run: "edit 5000",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "What is available follows at once: 5,000 less 700",
            trigger: ".o_credit_exposure:contains(4,300.00):contains(available)",
        },
        {
            content: "The picture leads to the records",
            trigger: ".o_credit_legend button[data-component=not_due]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row td:contains(700.00)",
        },
    ],
});

/* The company is a column where several are active, and only there. */
tours.add("credit_lists_one_company", {
    steps: () => [
        {
            trigger:
                ".o_list_view:has(.o_data_row):not(:has(th[data-name=company_id]))",
        },
    ],
});

tours.add("credit_lists_two_companies", {
    steps: () => [
        {
            trigger: ".o_list_view:has(.o_data_row):has(th[data-name=company_id])",
        },
    ],
});
