/* What administration shows, made up so that it is always the same and holds one of everything: persons who never signed
 * in, who are let in no more and whose names are long; devices that ask, that were seen and that were not; each kind of
 * entry of the trail. */
const at = (time) => `2026-11-24T${time}.000Z`;

/* boss and amira are as the server has them: they can be acted on. */
export function adminViews(boss, amira) {
    const person = (index, name, display, roles, more = {}) => ({
        id: `01JDADMN${String(index).padStart(18, '0')}`, name, display, roles, language: null, must_change: false, disabled: false, created_at: at('08:55:00'), ...more,
    });
    const persons = [
        { ...boss, created_at: at('08:50:12') }, { ...amira, created_at: at('08:55:00') },
        person(1, 'greta.lindqvist-oyelaran@example.gov.uk', 'Greta Lindqvist-Oyelaran', ['greeter', 'counter']),
        person(2, 'marek', 'Marek Nowak', ['counter', 'manager'], { language: 'pl' }),
        person(3, 'sunita', '\u0ab8\u0ac1\u0aa8\u0ac0\u0aa4\u0abe \u0aaa\u0a9f\u0ac7\u0ab2', ['counter'], { language: 'gu' }),
        person(4, 'tom', 'Tom Baker', ['greeter'], { disabled: true }),
    ];
    const entry = (seq, time, actor, role, action, object, more = {}) => ({ seq, at: at(time), actor, role, action, object, address: '10.20.0.31', result: 'ok', ...more });
    const by = ({ id }) => `person:${id}`;
    const marek = persons[3];
    return {
        '/api/persons': persons,
        '/api/devices': [
            { code: 'kiosk-1', kind: 'kiosk', paired_at: at('09:02:40'), seen_at: at('10:41:58'), revoked: false },
            { code: 'green-area', kind: 'display', paired_at: at('09:05:13'), seen_at: null, revoked: false },
            { code: 'monitor', kind: 'machine', paired_at: at('09:05:50'), seen_at: at('10:41:30'), revoked: false },
            { code: 'kiosk-2', kind: 'kiosk', paired_at: at('09:06:00'), seen_at: at('09:40:21'), revoked: true },
        ],
        '/api/pairings': [{ pairing: 4, code: 'lobby', kind: 'display', asked_at: at('10:40:30'), until: at('10:50:30') }],
        '/api/audit': { entries: [
            entry(29, '10:41:55', by(marek), 'manager', 'open_counter', 'counter:10'),
            entry(28, '10:41:20', by(marek), 'manager', 'post_notice', ''),
            entry(27, '10:40:02', by(amira), 'counter', 'call_next', 'counter:3'),
            entry(26, '10:39:47', by(amira), 'counter', 'transfer_visit', 'ticket:01JDFLR0000000000000000H07'),
            entry(25, '10:38:30', by(persons[2]), 'greeter,counter', 'add_person', 'person:', { result: 'not-allowed' }),
            entry(24, '10:30:09', '', '', 'sign_in', by(persons[5]), { result: 'wrong-password', address: '2001:db8:85a3::8a2e:370:7334' }),
            entry(23, '10:29:58', by(boss), 'admin', 'disable_person', by(persons[5])),
            entry(22, '09:06:00', by(boss), 'admin', 'approve_pairing', 'device:kiosk-2'),
            entry(21, '09:05:50', by(boss), 'admin', 'add_machine', 'device:monitor'),
            entry(20, '08:55:00', by(boss), 'admin', 'add_person', by(amira)),
            entry(19, '08:50:12', 'console', '', 'set_up', by(boss)),
        ] },
    };
}
