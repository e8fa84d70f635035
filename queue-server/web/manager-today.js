/* Today's waits as pictures, by hour of arrival and by service, with every figure in a table for who wants figures or
 * hears the page. The pictures are drawn after the page: nobody waits for a library. */
import { Modal } from './modal.js';
import { html, useEffect, useRef } from './parts.js';
import { say } from './words.js';

const SERVICES_SHOWN = 7;

const inMinutes = (seconds) => (seconds === null ? null : seconds / 60);
const told = (seconds) => (seconds === null ? '–' : String(Math.round(seconds / 60)));
const hourText = (hour) => `${String(hour).padStart(2, '0')}:00`;

const barOf = (label, row) => ({ label, half: inMinutes(row.wait.p50_s), most: inMinutes(row.wait.p90_s) });

/* The hours between the first and the last in which anybody came: an hour without waits is a gap. */
function hourBars(today) {
    const hours = today.hours.filter(({ issued }) => issued > 0);
    if (hours.length === 0) return [];
    const [first, last] = [hours[0].hour, Math.max(hours[hours.length - 1].hour, hours[0].hour + 5)];
    return Array.from({ length: last - first + 1 }, (_, index) => {
        const row = hours.find(({ hour }) => hour === first + index);
        return row ? barOf(String(first + index), row) : { label: String(first + index), half: null, most: null };
    });
}

/* Those with the longest waits first. */
function serviceBars(today, names) {
    return today.services.filter(({ called }) => called > 0).map((row) => barOf(names.service(row.service), row))
        .sort((one, other) => other.most - one.most || other.half - one.half).slice(0, SERVICES_SHOWN);
}

function Picture({ bars, standard, across, title }) {
    const place = useRef(null);
    const chart = useRef(null);
    const latest = useRef(null);
    latest.current = [bars, standard];
    useEffect(() => {
        let gone = false;
        import('./charts.js').then(({ waitsChart }) => {
            if (gone) return;
            chart.current = waitsChart(place.current, { across });
            chart.current.show(...latest.current);
        }).catch(() => {}); /* the table has it all */
        return () => {
            gone = true;
            if (chart.current) chart.current.destroy();
            chart.current = null;
        };
    }, []);
    useEffect(() => {
        if (chart.current) chart.current.show(...latest.current);
    }, [JSON.stringify(latest.current)]);
    const worst = bars.filter(({ most }) => most !== null).sort((one, other) => other.most - one.most)[0];
    return html`<figure class=${`picture ${across ? 'across' : ''}`}><figcaption>${title}</figcaption>
        <div ref=${place} class="plot" role="img" aria-label=${worst ? say('{title}. Longest at {label}: nine of ten within {minutes} min.', { title, label: worst.label, minutes: Math.round(worst.most) }) : title}></div>
    </figure>`;
}

export function Today({ view, names, standard, onFigures }) {
    const hours = hourBars(view.today);
    const services = serviceBars(view.today, names);
    return html`<section class="card today" aria-labelledby="today-title">
        <div class="card-head"><h2 id="today-title">${say('Waits today (min)')}</h2>
            <button type="button" class="small-button" aria-keyshortcuts="F" onClick=${onFigures}>${say('Figures')} <kbd aria-hidden="true" dir="ltr">F</kbd></button></div>
        ${services.length === 0 ? html`<p class="soft none">${say('Nobody has been called yet.')}</p>`
        : html`<p class="legend"><span><span class="sign half"></span> ${say('half within')}</span> <span><span class="sign most"></span> ${say('nine of ten within')}</span></p>
            <${Picture} bars=${hours} standard=${standard} title=${say('By hour of arrival')} />
            <${Picture} bars=${services} standard=${standard} across title=${say('By service')} />`}
    </section>`;
}

function FiguresTable({ caption, what, rows }) {
    return html`<table><caption>${caption}</caption>
        <thead><tr><th scope="col">${what}</th><th scope="col" class="end">${say('Visitors')}</th><th scope="col" class="end">${say('Called')}</th>
            <th scope="col" class="end">${say('Within the standard')}</th><th scope="col" class="end">${say('Mean wait')}</th><th scope="col" class="end">${say('Half within')}</th>
            <th scope="col" class="end">${say('Nine of ten within')}</th><th scope="col" class="end">${say('Longest')}</th>
            <th scope="col" class="end">${say('Not here')}</th><th scope="col" class="end">${say('Left')}</th><th scope="col" class="end">${say('Waiting')}</th></tr></thead>
        <tbody>${rows.map(({ name, row }) => html`<tr key=${name}><th scope="row">${name}</th><td class="end">${row.issued}</td><td class="end">${row.called}</td>
            <td class="end">${row.of_decided.of > 0 ? say('{within} of {of}', row.of_decided) : '–'}</td>
            <td class="end">${told(row.wait.mean_s)}</td><td class="end">${told(row.wait.p50_s)}</td><td class="end">${told(row.wait.p90_s)}</td><td class="end">${told(row.wait.longest_s)}</td>
            <td class="end">${row.no_show}</td><td class="end">${row.left}</td><td class="end">${row.waiting}</td></tr>`)}</tbody>
    </table>`;
}

export function FiguresDialog({ view, names, onClose }) {
    const { today } = view;
    return html`<${Modal} kind="dialog figures" titled="figures-title" onClose=${onClose}>
        <div class="card-head"><h2 id="figures-title">${say('Waits today (min)')}</h2></div>
        <div class="figures-body" tabindex="0" role="group" aria-labelledby="figures-title">
            <${FiguresTable} caption=${say('By service')} what=${say('Service')}
                rows=${[{ name: say('All'), row: today.all }, ...today.services.map((row) => ({ name: names.service(row.service), row }))]} />
            <${FiguresTable} caption=${say('By hour of arrival')} what=${say('Hour')} rows=${today.hours.map((row) => ({ name: hourText(row.hour), row }))} />
        </div>
        <div class="actions"><button type="button" onClick=${onClose}>${say('Close')}</button></div>
    <//>`;
}
