/* The questions of a service, as the kiosk asks them: which comes next, where an answer leads, what follows from all of
 * them. The rules are those of kiosk/journey (question.c, triage.c), and a test walks both at random on the same site.
 * Pure: a walk is plain data, and every step gives a new one.
 *
 *   walk {chosen, service, page: 'question' | 'signpost' | 'ready', asked, at, first, later, typed, signpost, on, off}
 *   asked [{question, answered, skipped, choices: [code..], text}], in the order they were put; `first` of them before
 *   ready, the others behind "ask the questions"; on, off: needs by hand. */

const ASKED_MAX = 6; /* JOURNEY_ASKED_MAX */

const byCode = (list, code) => list.find((each) => each.code === code);
export const questionOf = (site, walk) => (walk.page === 'question' ? byCode(site.questions, walk.asked[walk.at].question) : null);

/* The answers that count, each with the question it is of. */
function chosenAnswers(site, asked) {
    return asked.filter(({ answered }) => answered).flatMap((each) => byCode(site.questions, each.question).answers
        .filter(({ code }) => each.choices.includes(code)));
}

function serviceAfter(site, walk, count) {
    const leading = chosenAnswers(site, walk.asked.slice(0, count)).filter(({ service }) => service);
    return leading.length > 0 ? leading.at(-1).service : walk.chosen;
}

function nextQuestion(site, walk, at, later) {
    const service = byCode(site.services, walk.service);
    if (!service || at >= ASKED_MAX || (service.ask === 'first') === later) return null;
    const put = walk.asked.slice(0, at).map(({ question }) => question);
    return service.questions.find((code) => !put.includes(code)) || null;
}

/* A question that stands there already keeps its answer; another one takes its place and that of all behind it. */
function show(walk, at, question) {
    const stands = walk.asked[at] && walk.asked[at].question === question;
    const asked = stands ? walk.asked : [...walk.asked.slice(0, at), { question, answered: false, skipped: false, choices: [], text: '' }];
    return { ...walk, page: 'question', asked, at, typed: asked[at].text };
}

const ready = (walk) => ({ ...walk, page: 'ready', at: 0, typed: '', later: false });

/* Later questions of another service mean nothing here. */
function becomeReady(site, walk, count) {
    let kept = count;
    while (kept < walk.asked.length && nextQuestion(site, walk, kept, true) === walk.asked[kept].question) kept++;
    return ready({ ...walk, first: count, asked: walk.asked.slice(0, kept) });
}

function putFirst(site, before, at) {
    const walk = { ...before, service: serviceAfter(site, before, at) };
    const question = nextQuestion(site, walk, at, false);
    return question ? show(walk, at, question) : becomeReady(site, walk, at);
}

function putLater(site, walk, at) {
    const question = nextQuestion(site, walk, at, true);
    return question ? show(walk, at, question) : ready(walk);
}

function goOn(site, walk) {
    if (walk.later) return putLater(site, walk, walk.at + 1);
    const post = chosenAnswers(site, [walk.asked[walk.at]]).find(({ signpost }) => signpost);
    if (!post) return putFirst(site, { ...walk, signpost: null }, walk.at + 1);
    const first = walk.at + 1;
    return { ...walk, signpost: post.signpost, first, asked: walk.asked.slice(0, first), at: 0, typed: '', page: 'signpost' };
}

const change = (walk, more) => ({ ...walk, asked: walk.asked.map((each, index) => (index === walk.at ? { ...each, ...more } : each)) });
const answered = (site, walk, more) => goOn(site, change(walk, { answered: true, skipped: false, ...more }));

/* Letter by letter, as a keyboard gives it: no control characters, no space before a word or two between. */
function typeable(question, text) {
    const letters = [];
    for (const letter of text) {
        const point = letter.codePointAt(0);
        const secondSpace = letter === ' ' && (letters.length === 0 || letters.at(-1) === ' ');
        const unfit = point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0xd800 && point < 0xe000);
        const noDigit = question.kind === 'number' && !/[0-9]/.test(letter);
        if (!secondSpace && !unfit && !noDigit && letters.length < (question.kind === 'number' ? question.digits : question.letters)) letters.push(letter);
    }
    return letters.join('');
}

function choose(site, walk, code) {
    const question = questionOf(site, walk);
    if (!byCode(question.answers, code)) return walk;
    if (question.kind !== 'several') return answered(site, walk, { choices: [code] });
    const { choices } = walk.asked[walk.at];
    return change(walk, { choices: choices.includes(code) ? choices.filter((each) => each !== code) : [...choices, code] });
}

export function canContinue(site, walk) {
    const { kind } = questionOf(site, walk);
    if (kind === 'several') return true;
    return kind === 'number' || kind === 'text' ? walk.typed !== '' : walk.asked[walk.at].answered;
}

function carryOn(site, walk) {
    if (!canContinue(site, walk)) return walk;
    const { kind } = questionOf(site, walk);
    const typed = kind === 'number' || kind === 'text';
    return answered(site, walk, typed ? { text: walk.typed.replace(/ $/, '') } : {});
}

function lastQuestion(site, walk) {
    if (walk.first === 0) return null;
    const at = walk.first - 1;
    return show({ ...walk, signpost: null, service: serviceAfter(site, walk, at) }, at, walk.asked[at].question);
}

function back(site, walk) {
    if (walk.page === 'signpost') return lastQuestion(site, walk);
    if (walk.page === 'ready') return walk.signpost ? { ...walk, page: 'signpost' } : lastQuestion(site, walk);
    if (walk.at > (walk.later ? walk.first : 0)) {
        const at = walk.at - 1;
        return show({ ...walk, service: walk.later ? walk.service : serviceAfter(site, walk, at) }, at, walk.asked[at].question);
    }
    return walk.later ? ready(walk) : null;
}

function toggleNeed(site, walk, code) {
    const wanted = !outcomeOf(site, walk).needs.includes(code);
    const without = (list) => list.filter((each) => each !== code);
    return { ...walk, on: wanted ? [...without(walk.on), code] : without(walk.on), off: wanted ? without(walk.off) : [...without(walk.off), code] };
}

export function begin(site, service) {
    return putFirst(site, { chosen: service, service, page: 'ready', asked: [], at: 0, first: 0, later: false, typed: '', signpost: null, on: [], off: [] }, 0);
}

/* move: {choose: code} | {type: text} | {need: code} | 'continue' | 'skip' | 'back' | 'questions' | 'see-somebody'.
 * null: back from the first page, to where the service was chosen. */
export function step(site, walk, move) {
    if (move.need) return toggleNeed(site, walk, move.need);
    if (walk.page === 'question') {
        if (move.choose) return choose(site, walk, move.choose);
        if ('type' in Object(move)) return { ...walk, typed: typeable(questionOf(site, walk), move.type) };
        if (move === 'continue') return carryOn(site, walk);
        if (move === 'skip') return goOn(site, change(walk, { answered: false, skipped: true, choices: [], text: '' }));
    }
    if (move === 'see-somebody' && walk.page === 'signpost') return ready(walk);
    if (move === 'questions' && walk.page === 'ready' && canAsk(site, walk)) return putLater(site, { ...walk, later: true }, walk.first);
    return move === 'back' ? back(site, walk) : walk;
}

/* Questions that can wait until the visitor is ready for the ticket. */
export const canAsk = (site, walk) => nextQuestion(site, walk, walk.first, true) !== null;

/* What the ticket gets: {service, needs, class, avoidable, answers}, as POST /api/tickets takes them. */
export function outcomeOf(site, walk) {
    const chosen = chosenAnswers(site, walk.asked);
    const flagged = [...chosen.flatMap(({ needs }) => needs), ...walk.on];
    const classes = chosen.map((each) => each.class);
    const value = ({ question, choices, text }) => {
        const { kind, answers } = byCode(site.questions, question);
        if (kind === 'number' || kind === 'text') return text;
        const codes = answers.map(({ code }) => code).filter((code) => choices.includes(code));
        return kind === 'several' ? codes : codes[0];
    };
    return {
        service: walk.service,
        needs: site.needs.map(({ code }) => code).filter((code) => flagged.includes(code) && !walk.off.includes(code)),
        class: ['urgent', 'assisted'].find((code) => classes.includes(code)) || 'normal',
        avoidable: (chosen.find(({ avoidable }) => avoidable) || { avoidable: null }).avoidable,
        answers: Object.fromEntries(walk.asked.filter((each) => each.answered).map((each) => [each.question, value(each)])
            .filter(([, given]) => given.length > 0)), /* none of several is no answer to send */
    };
}
