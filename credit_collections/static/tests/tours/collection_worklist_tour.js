import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/* A collector's morning: the most urgent customer first, look, put off, next one. */
tours.add("collection_worklist_collector", {
    steps: () => [
        {
            content: "The most urgent customer is the first on the list",
            trigger: ".o_data_row:first td:contains(Tour First)",
            run: "click",
        },
        {
            content: "The page says why it is urgent",
            trigger: ".o_field_widget[name=priority_note]:contains(50 days overdue)",
        },
        {
            content: "The item of 50 days is in its bucket",
            trigger: ".o_credit_aging button:contains(31–60):not([disabled])",
            run: "click",
        },
        {
            content: "The bucket opens its items",
            trigger: ".o_breadcrumb:contains(Open Items of Tour First)",
        },
        {
            content: "Back to the page",
            trigger: ".o_back_button a",
            run: "click",
        },
        {
            content: "Put the customer off",
            trigger: "button[name=action_snooze]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=note] input",
            run: "edit Pays on Friday",
        },
        {
            trigger: ".modal button[name=action_week]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "Go on with the next customer",
            trigger: "button[name=action_next_customer]",
            run: "click",
        },
        {
            content: "It is the second most urgent",
            trigger: ".oe_title:contains(Tour Second)",
        },
        {
            content: "The way back is the work list, not the customer before",
            trigger: ".o_breadcrumb .o_back_button:contains(Work List)",
        },
    ],
});
