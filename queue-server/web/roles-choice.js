/* Which roles somebody holds: a box each, with what it is for. */
import { html } from './html.js';
import { ROLE_NAMES } from './parts.js';
import { mark, say } from './words.js';

const FOR = {
    greeter: mark('meets visitors, gives tickets and helps at kiosks'), counter: mark('serves visitors at a counter'),
    manager: mark('runs the day: counters, notices, figures'), admin: mark('looks after people and devices'),
};

export const ROLES = ['greeter', 'counter', 'manager', 'admin'];

export function RolesChoice({ legend, offered = ROLES, roles, onRoles, error }) {
    const turn = (role, on) => onRoles(ROLES.filter((each) => (each === role ? on : roles.includes(each))));
    return html`<fieldset aria-describedby=${error ? 'roles-error' : null}><legend>${legend}</legend>
        ${offered.map((role) => html`<label class="check" key=${role}><input type="checkbox" name=${`role-${role}`} checked=${roles.includes(role)}
            onChange=${(event) => turn(role, event.target.checked)} />
            <span><strong>${say(ROLE_NAMES[role])}</strong> <span class="small soft">${say(FOR[role])}</span></span></label>`)}
        ${error && html`<p class="wrong" id="roles-error">${error}</p>`}
    </fieldset>`;
}
