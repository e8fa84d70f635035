/* Times in the centre's zone, whatever the reader's computer is set to, in the reader's language. */
import { ask } from './live.js';

/* The centre's zone; that of this computer where the site may not be asked for. */
export async function siteOf() {
    const answer = await ask('/api/site').catch(() => ({ ok: false }));
    return answer.ok ? answer.body : null;
}

export function timesOf(site, language) {
    const zone = site && site.zone ? { timeZone: site.zone } : {};
    const known = [language === 'en' ? 'en-GB' : language, 'en-GB'];
    const whole = new Intl.DateTimeFormat(known, { ...zone, dateStyle: 'medium', timeStyle: 'short', numberingSystem: 'latn', hourCycle: 'h23' });
    const exact = new Intl.DateTimeFormat(known, { ...zone, dateStyle: 'medium', timeStyle: 'medium', numberingSystem: 'latn', hourCycle: 'h23' });
    const clock = new Intl.DateTimeFormat(known, { ...zone, timeStyle: 'short', numberingSystem: 'latn', hourCycle: 'h23' });
    const by = (format) => (text) => (text ? format.format(new Date(text)) : '');
    return { day: by(whole), exact: by(exact), clock: by(clock) };
}
