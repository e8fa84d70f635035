/* The first administrator, by the code that the server printed when it started. */
import { LanguageChoice } from './language.js';
import { failed, html, Instead, render, TopBar, useState } from './parts.js';
import { RolesChoice } from './roles-choice.js';
import { homeOf, peekSession, setUp } from './session.js';
import { Field, NewPasswordField, tooShort, whyNot, Wrong } from './sign-in-form.js';
import { loadWords, say } from './words.js';

/* Which field a refusal speaks of. */
function fieldOf({ code }) {
    if (code === 'wrong-set-up-code') return 'code';
    if (['bad-name', 'name-taken'].includes(code)) return 'name';
    if (code === 'bad-display-name') return 'display';
    return code.startsWith('password-') ? 'password' : 'all';
}

function missing({ code, name, password }) {
    return {
        code: code.trim() ? '' : say('Type the set-up code.'), name: name.trim() ? '' : say('Type the name you sign in with.'), password: tooShort(password),
    };
}

function SetUp({ language }) {
    const [answers, setAnswers] = useState({ code: '', name: '', display: '', password: '', roles: [] });
    const [errors, setErrors] = useState({});
    const [busy, setBusy] = useState(false);
    const field = (name) => ({ id: `setup-${name}`, name, value: answers[name], onValue: (value) => setAnswers({ ...answers, [name]: value }), error: errors[name] });
    const submit = async (event) => {
        event.preventDefault();
        if (busy) return;
        const found = missing(answers);
        const first = ['code', 'name', 'password'].find((each) => found[each]);
        setErrors(found);
        if (first) {
            document.getElementById(`setup-${first}`).focus();
            return;
        }
        setBusy(true);
        const { display, ...rest } = answers;
        const result = await setUp({ ...rest, code: answers.code.trim(), name: answers.name.trim(), language, ...(display.trim() ? { display: display.trim() } : {}) });
        setBusy(false);
        if (result.ok) {
            location.replace(homeOf(result.session.person));
            return;
        }
        const at = fieldOf(result);
        setErrors({ [at]: whyNot(result) });
        const input = document.getElementById(`setup-${at}`);
        if (input) input.focus();
    };
    return html`<form class="form" onSubmit=${submit} novalidate>
        <${Field} ...${field('code')} label=${say('Set-up code')} dir="ltr" autocomplete="one-time-code" autocapitalize="characters" spellcheck=${false} autofocus
            hint=${say('The queue server showed it when it was started, and wrote it to its log. It is good for one hour: start the server again for a new one.')} />
        <${Field} ...${field('name')} label=${say('Name to sign in with')} autocomplete="username" autocapitalize="off" spellcheck=${false} dir="auto"
            hint=${say('A name to sign in with has 2 to 64 letters, digits or . - _ @.')} />
        <${Field} ...${field('display')} label=${say('Name to be shown (may stay empty)')} autocomplete="name" dir="auto" />
        <${NewPasswordField} ...${field('password')} label=${say('Your new password')} />
        <${RolesChoice} legend=${say('You will be administrator. What else do you do here?')} offered=${['greeter', 'counter', 'manager']}
            roles=${answers.roles} onRoles=${(roles) => setAnswers({ ...answers, roles })} />
        <${Wrong} text=${errors.all} />
        <div class="actions"><button type="submit" class=${`primary ${busy ? 'busy' : ''}`} aria-disabled=${busy}>${say('Set up')}</button></div>
    </form>`;
}

async function start() {
    const session = await peekSession();
    const language = await loadWords();
    document.title = `${say('Set up')} - Quarter`;
    const page = document.getElementById('page');
    if (!session.sign_in) {
        render(html`<${Instead} what=${say('There is nothing to set up')} then=${say('This server was started without sign-in: everybody at this computer may use every page.')}>
            <a class="button primary" href="/">${say('Choose your counter')}</a><//>`, page);
    } else if (!session.needs_set_up) {
        render(html`<${Instead} what=${say('There is nothing to set up')} then=${say('Somebody is administrator already, and can give you a name and a password.')}>
            <a class="button primary" href="/sign-in">${say('Sign in')}</a><//>`, page);
    } else {
        render(html`<${TopBar} without="places"><${LanguageChoice} language=${language} /><//>
            <main class="account"><section class="card">
                <h1>${say('Welcome to Quarter')}</h1>
                <p>${say('Make the first administrator, who then lets in everybody else.')}</p>
                <${SetUp} language=${language} />
            </section></main>`, page);
    }
}

start().catch(failed);
