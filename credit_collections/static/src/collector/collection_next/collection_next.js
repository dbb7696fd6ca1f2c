import {registry} from "@web/core/registry";

/**
 * Open the page of the next customer in the place of this one: the way back still leads
 * to the work list, and not through all customers of the morning.
 */
function openNextCustomer(env, action) {
    const {breadcrumbs} = env.services.action.currentController.config;
    return env.services.action.doAction(action.params.action, {
        index: Math.max(breadcrumbs.length - 1, 0),
    });
}

registry.category("actions").add("credit_collections.next_customer", openNextCustomer);
