/* An address as a QR code (ISO/IEC 18004), drawn as one SVG path: nothing is asked of another site. Bytes, error
 * correction M, versions 1 to 10, which holds 213 bytes. */
import { html, useMemo } from './parts.js';

const VERSIONS = 10;
/* For level M, by version: bytes in all, error correction bytes a block, blocks (Table 9). */
const BYTES = [26, 44, 70, 100, 134, 172, 196, 242, 292, 346];
const CHECKS = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5];
const LEVEL_M = 0;

/* In GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1. */
function times(a, b) {
    let product = 0;
    for (let bit = 7; bit >= 0; bit--) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((b >> bit) & 1) * a);
    return product;
}

function divisor(degree) {
    const terms = [...Array(degree - 1).fill(0), 1];
    let root = 1;
    for (let i = 0; i < degree; i++) {
        for (let j = 0; j < degree; j++) terms[j] = times(terms[j], root) ^ (terms[j + 1] || 0);
        root = times(root, 2);
    }
    return terms;
}

function checksOf(data, terms) {
    const rest = terms.map(() => 0);
    for (const byte of data) {
        const factor = byte ^ rest.shift();
        rest.push(0);
        terms.forEach((term, i) => { rest[i] ^= times(term, factor); });
    }
    return rest;
}

const room = (version) => BYTES[version - 1] - CHECKS[version - 1] * BLOCKS[version - 1];

/* Mode, length, text, end and padding. */
function dataOf(text, version) {
    const bits = [];
    const put = (value, count) => { for (let i = count - 1; i >= 0; i--) bits.push((value >> i) & 1); };
    put(4, 4);
    put(text.length, version < 10 ? 8 : 16);
    text.forEach((byte) => put(byte, 8));
    put(0, Math.min(4, room(version) * 8 - bits.length));
    put(0, (8 - (bits.length % 8)) % 8);
    const bytes = Array.from({ length: bits.length / 8 }, (_, i) => parseInt(bits.slice(8 * i, 8 * i + 8).join(''), 2));
    for (let pad = 0xec; bytes.length < room(version); pad ^= 0xec ^ 0x11) bytes.push(pad);
    return bytes;
}

/* Each block's bytes with its checks, all interleaved. */
function interleaved(data, version) {
    const blocks = BLOCKS[version - 1];
    const short = Math.floor(room(version) / blocks);
    const longFrom = blocks - (room(version) % blocks);
    const terms = divisor(CHECKS[version - 1]);
    let at = 0;
    const parts = Array.from({ length: blocks }, (_, i) => data.slice(at, at += short + (i >= longFrom ? 1 : 0)));
    const checks = parts.map((part) => checksOf(part, terms));
    const mixed = (lists) => Array.from({ length: Math.max(...lists.map((list) => list.length)) }, (_, i) => lists.flatMap((list) => (i < list.length ? [list[i]] : []))).flat();
    return [...mixed(parts), ...mixed(checks)];
}

function alignments(version, size) {
    if (version === 1) return [];
    const count = Math.floor(version / 7) + 2;
    const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
    return [6, ...Array.from({ length: count - 1 }, (_, i) => size - 7 - i * step).reverse()];
}

/* The patterns that are the same in every code of a version; what stays undefined is for the data. */
function frame(version) {
    const size = version * 4 + 17;
    const cells = Array.from({ length: size }, () => Array(size));
    const square = (row, column, reach, dark) => {
        for (let y = -reach; y <= reach; y++) for (let x = -reach; x <= reach; x++) {
            if (cells[row + y] && column + x >= 0 && column + x < size) cells[row + y][column + x] = dark(Math.max(Math.abs(x), Math.abs(y)));
        }
    };
    for (let i = 0; i < size; i++) cells[6][i] = cells[i][6] = i % 2 === 0;
    for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]]) square(row, column, 4, (ring) => ring !== 2 && ring !== 4);
    const places = alignments(version, size);
    const last = places.length - 1;
    places.forEach((row, i) => places.forEach((column, j) => {
        const corner = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
        if (!corner) square(row, column, 2, (ring) => ring !== 1);
    }));
    writeFormat(cells, 0);
    if (version >= 7) writeVersion(cells, version);
    return cells;
}

function remainder(value, bits, generator) {
    let rest = value;
    for (let i = 0; i < bits; i++) rest = (rest << 1) ^ ((rest >> (bits - 1)) * generator);
    return (value << bits) | rest;
}

function writeFormat(cells, mask) {
    const size = cells.length;
    const bits = remainder((LEVEL_M << 3) | mask, 10, 0x537) ^ 0x5412;
    const bit = (i) => ((bits >> i) & 1) === 1;
    for (let i = 0; i < 15; i++) {
        const near = i < 6 ? i : i < 8 ? i + 1 : 14 - i + (i === 8 ? 1 : 0);
        if (i < 8) cells[near][8] = bit(i);
        else cells[8][near] = bit(i);
        if (i < 8) cells[8][size - 1 - i] = bit(i);
        else cells[size - 15 + i][8] = bit(i);
    }
    cells[size - 8][8] = true;
}

function writeVersion(cells, version) {
    const size = cells.length;
    const bits = remainder(version, 12, 0x1f25);
    for (let i = 0; i < 18; i++) {
        const [far, near] = [size - 11 + (i % 3), Math.floor(i / 3)];
        cells[near][far] = cells[far][near] = ((bits >> i) & 1) === 1;
    }
}

const MASKS = [
    (x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3, (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
    (x, y) => ((x * y) % 2) + ((x * y) % 3), (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

/* Two columns at a time from the right, up and down in turn. */
function filled(empty, bytes, mask) {
    const size = empty.length;
    const cells = empty.map((row) => [...row]);
    let at = 0;
    for (let right = size - 1; right >= 1; right -= 2) {
        if (right === 6) right = 5;
        for (let i = 0; i < size; i++) for (const x of [right, right - 1]) {
            const y = ((right + 1) & 2) === 0 ? size - 1 - i : i;
            if (empty[y][x] !== undefined) continue;
            const dark = at < bytes.length * 8 && ((bytes[at >> 3] >> (7 - (at & 7))) & 1) === 1;
            cells[y][x] = dark !== (MASKS[mask](x, y) === 0);
            at += 1;
        }
    }
    writeFormat(cells, mask);
    return cells;
}

/* How hard a code is to read (7.8.3.1); less is better. */
function penalty(cells) {
    const size = cells.length;
    const lines = [...cells, ...cells.map((_, x) => cells.map((row) => row[x]))].map((line) => line.map((dark) => (dark ? '1' : '0')).join(''));
    let sum = 0;
    for (const line of lines) {
        for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) sum += run.length - 2;
        for (let i = 0; i < size; i++) if (line.startsWith('10111010000', i) || line.startsWith('00001011101', i)) sum += 40;
    }
    for (let y = 1; y < size; y++) for (let x = 1; x < size; x++) {
        if (cells[y][x] === cells[y][x - 1] && cells[y][x] === cells[y - 1][x] && cells[y][x] === cells[y - 1][x - 1]) sum += 3;
    }
    const dark = cells.flat().filter(Boolean).length;
    return sum + Math.floor(Math.abs(dark * 20 - size * size * 10) / (size * size)) * 10;
}

/* Rows of booleans, dark ones true; null: too long a text. */
export function qrCells(address) {
    const text = new TextEncoder().encode(address);
    let version = 1;
    while (version <= VERSIONS && text.length + (version < 10 ? 2 : 3) > room(version)) version++;
    if (version > VERSIONS) return null;
    const empty = frame(version);
    const bytes = interleaved(dataOf(text, version), version);
    const codes = MASKS.map((_, mask) => filled(empty, bytes, mask));
    const worth = codes.map(penalty);
    return codes[worth.indexOf(Math.min(...worth))];
}

/* Dark on white in every theme, with the quiet zone of four cells. */
export function QrCode({ address, label }) {
    const cells = useMemo(() => qrCells(address), [address]);
    if (!cells) return null;
    const path = cells.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x + 4} ${y + 4}h1v1h-1z`] : []))).join('');
    const size = cells.length + 8;
    return html`<svg class="qr" role="img" aria-label=${label} viewBox=${`0 0 ${size} ${size}`} shape-rendering="crispEdges">
        <rect width=${size} height=${size} fill="#ffffff" /><path d=${path} fill="#000000" /></svg>`;
}
