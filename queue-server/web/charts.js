/* Pictures of waits, drawn by uPlot: a solid bar to what half waited at most, an outlined one to what nine of ten did, and
 * a dashed line at the standard. What a colour says, a shape or a figure says too; colours are the page's own, so
 * that dark, high contrast and forced colours hold here as well. */
import UPlot from './vendor/uplot.js';

const TYPE_PX = 13;
const THEMES = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)'];

/* A canvas knows no custom properties: the page says what they come to. */
function coloursOf(element) {
    const probe = document.createElement('span');
    element.append(probe);
    const read = (name) => {
        probe.style.color = `var(${name})`;
        return getComputedStyle(probe).color;
    };
    const colours = { ink: read('--chart-ink'), line: read('--chart-line'), fine: read('--chart-fine'), soon: read('--chart-soon'), late: read('--chart-late'), inside: read('--chart-inside') };
    probe.remove();
    return colours;
}

const kindOf = (minutes, standard) => (minutes >= standard ? 'late' : minutes >= standard - 5 ? 'soon' : 'fine');

/* As much of a name as fits, with a sign that there is more. */
function fitted(context, text, width) {
    if (context.measureText(text).width <= width) return text;
    let length = text.length - 1;
    while (length > 1 && context.measureText(`${text.slice(0, length).trimEnd()}…`).width > width) length -= 1;
    return `${text.slice(0, length).trimEnd()}…`;
}

/* across: bars lie, and names stand before them. show(bars, standard) with bars [{label, half, most}] in minutes or null. */
export function waitsChart(place, { across }) {
    const rightToLeft = document.documentElement.dir === 'rtl';
    const family = getComputedStyle(place).fontFamily;
    const font = `${TYPE_PX}px ${family}`;
    let plot = null;
    let shown = null;

    const draw = () => {
        if (!shown || place.clientWidth === 0) return;
        if (plot) plot.destroy();
        plot = make(place, { ...shown, across, rightToLeft, font, colours: coloursOf(place) });
    };
    const resized = new ResizeObserver(() => {
        if (plot && (plot.width !== place.clientWidth || plot.height !== place.clientHeight)) draw();
    });
    resized.observe(place);
    const themes = THEMES.map((query) => matchMedia(query));
    themes.forEach((theme) => theme.addEventListener('change', draw));
    return {
        show: (bars, standard) => {
            shown = { bars, standard };
            draw();
        },
        destroy: () => {
            resized.disconnect();
            themes.forEach((theme) => theme.removeEventListener('change', draw));
            if (plot) plot.destroy();
        },
    };
}

function make(place, { bars, standard, across, rightToLeft, font, colours }) {
    const measure = document.createElement('canvas').getContext('2d');
    measure.font = font;
    const names = bars.map(({ label }) => (across ? fitted(measure, label, place.clientWidth * 0.42) : label));
    const widest = Math.ceil(Math.max(...names.map((name) => measure.measureText(name).width)));
    const top = Math.max(standard * 1.2, ...bars.map(({ most }) => (most || 0) * 1.18));
    const mirrored = across && rightToLeft;
    const paths = (values, inside) => UPlot.paths.bars({
        size: [0.72, 44], radius: 0.1, disp: {
            fill: { unit: 3, values: () => values.map((value) => (inside ? colours[kindOf(value || 0, standard)] : colours.inside)) },
            stroke: { unit: 3, values: () => values.map((value) => colours[kindOf(value || 0, standard)]) },
        },
    });
    const series = (values, inside) => ({ paths: paths(values, inside), points: { show: false }, fill: colours.inside, stroke: colours.fine, width: inside ? 0 : 2 });
    const [most, half] = ['most', 'half'].map((key) => bars.map((bar) => bar[key]));
    const ticks = { show: false };
    return new UPlot({
        width: place.clientWidth, height: place.clientHeight, legend: { show: false }, cursor: { show: false }, padding: [6, across ? 14 : 0, 0, across ? 14 : 0],
        scales: {
            x: { time: false, ori: across ? 1 : 0, dir: across ? -1 : 1, range: () => [-0.5, Math.max(bars.length, across ? 3 : 5) - 0.5] },
            y: { ori: across ? 0 : 1, dir: mirrored ? -1 : 1, range: () => [0, top] },
        },
        axes: [
            { side: across ? (mirrored ? 1 : 3) : 2, font, stroke: colours.ink, grid: { show: false }, ticks, gap: 6, size: across ? widest + 14 : TYPE_PX + 14,
              splits: () => bars.map((_, index) => index), values: () => names },
            { side: across ? 2 : 3, font, stroke: colours.ink, grid: { stroke: colours.line, width: 1 }, ticks, gap: 4, size: across ? TYPE_PX + 12 : 30,
              splits: () => [0, standard, ...(top > standard * 1.9 ? [standard * 2] : []), ...(top > standard * 3.9 ? [standard * 4] : [])], values: (_, splits) => splits.map(String) },
        ],
        series: [{}, series(most, false), series(half, true)],
        hooks: { draw: [(self) => drawOver(self, { bars, standard, across, mirrored, font, colours })] },
    }, [bars.map((_, index) => index), most, half], place);
}

/* The standard's line, and each longest bar's figure beside its end. */
function drawOver(plot, { bars, standard, across, mirrored, font, colours }) {
    const { ctx, bbox } = plot;
    const scale = devicePixelRatio;
    ctx.save();
    ctx.strokeStyle = colours.ink;
    ctx.fillStyle = colours.ink;
    ctx.lineWidth = 1.5 * scale;
    ctx.setLineDash([5 * scale, 4 * scale]);
    ctx.beginPath();
    const at = plot.valToPos(standard, 'y', true);
    if (across) {
        ctx.moveTo(at, bbox.top);
        ctx.lineTo(at, bbox.top + bbox.height);
    } else {
        ctx.moveTo(bbox.left, at);
        ctx.lineTo(bbox.left + bbox.width, at);
    }
    ctx.stroke();
    ctx.font = font.replace(/^\d+px/, `600 ${TYPE_PX * scale}px`);
    ctx.textAlign = across ? (mirrored ? 'right' : 'left') : 'center';
    ctx.textBaseline = across ? 'middle' : 'bottom';
    const gap = 4 * scale;
    bars.forEach(({ most }, index) => {
        if (most === null) return;
        const along = plot.valToPos(index, 'x', true);
        const end = plot.valToPos(most, 'y', true);
        const text = String(Math.round(most));
        if (across) ctx.fillText(text, end + (mirrored ? -gap : gap), along);
        else ctx.fillText(text, along, end - gap / 2);
    });
    ctx.restore();
}
