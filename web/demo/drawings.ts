/** Drawn faces for screenshots, which must not show photographs. The faces belong to no real person. */

export interface DrawnPerson { name: string; skin: string; hair: string; style: 'short' | 'long' | 'bun' | 'bald' | 'curly'; extras: ('glasses' | 'beard')[] }

export const people: DrawnPerson[] = [
  { name: 'Ada Lovelace', skin: '#f0c9a8', hair: '#4b2e20', style: 'bun', extras: [] },
  { name: 'Alan Turing', skin: '#eebf9b', hair: '#2f2620', style: 'short', extras: [] },
  { name: 'Grace Hopper', skin: '#e8b48d', hair: '#8a8a8a', style: 'curly', extras: ['glasses'] },
  { name: 'Katherine Johnson', skin: '#8d5a3b', hair: '#1f1a18', style: 'curly', extras: ['glasses'] },
  { name: 'Mary Jackson', skin: '#7a4a30', hair: '#191412', style: 'long', extras: [] },
  { name: 'Charles Babbage', skin: '#f2cfb2', hair: '#9a9089', style: 'bald', extras: ['beard', 'glasses'] },
  { name: 'Emmy Noether', skin: '#ecc2a0', hair: '#6b4326', style: 'long', extras: ['glasses'] },
  { name: 'Leonhard Euler', skin: '#efc6a5', hair: '#b9b2aa', style: 'bald', extras: ['glasses'] },
];

const backgrounds = ['#cfe0dd', '#e6d9c3', '#d7d3e6', '#dfe5cd', '#e9d2cf', '#cddbe8'];

/** A head of about 100 by 120 around (0, 0). `take` varies what differs from picture to picture. */
function head(person: DrawnPerson, take: number): string {
  const smile = 10 + 4 * (take % 3);
  const look = (take % 3) - 1;
  const back = person.style === 'long'
    ? `<path d="M-56 0C-64-70 64-70 56 0C60 50 58 74 50 84H-50C-58 74-60 50-56 0Z" fill="${person.hair}"/>`
    : person.style === 'bun' ? `<circle cx="0" cy="-66" r="24" fill="${person.hair}"/><ellipse cx="0" cy="-14" rx="54" ry="56" fill="${person.hair}"/>`
    : person.style === 'curly' ? [-46, -30, -8, 14, 34, 48].map((x, i) => `<circle cx="${x}" cy="${[-22, -48, -60, -60, -46, -20][i]}" r="24" fill="${person.hair}"/>`).join('')
    : '';
  const front = person.style === 'short' ? `<path d="M-50-14C-54-72 54-72 50-14C44-38 20-44 0-40C-22-46-42-36-50-14Z" fill="${person.hair}"/>`
    : person.style === 'long' ? `<path d="M-50-4C-52-66 52-66 50-4C40-30 22-44-6-44C-24-40-44-28-50-4Z" fill="${person.hair}"/>`
    : person.style === 'bun' ? `<path d="M-49-8C-50-62 50-62 49-8C40-36 18-46 0-46C-18-46-40-36-49-8Z" fill="${person.hair}"/>`
    : person.style === 'curly' ? `<path d="M-49-12C-50-58 50-58 49-12C36-38 14-44 0-44C-14-44-36-38-49-12Z" fill="${person.hair}"/>`
    : `<path d="M-50-6C-56 10-54 20-48 26V-10ZM50-6C56 10 54 20 48 26V-10Z" fill="${person.hair}"/>`;
  const beard = person.extras.includes('beard') ? `<path d="M-46 14C-42 74 42 74 46 14C36 30 20 28 0 28C-20 28-36 30-46 14Z" fill="${person.hair}"/>` : '';
  const glasses = person.extras.includes('glasses')
    ? `<g fill="none" stroke="#2a2a2a" stroke-width="3.500"><circle cx="-19" cy="-4" r="13"/><circle cx="19" cy="-4" r="13"/><path d="M-6-5Q0-9 6-5M-32-5L-48-9M32-5L48-9"/></g>` : '';
  return `${back}<rect x="-15" y="40" width="30" height="34" fill="${person.skin}"/><ellipse cx="0" cy="4" rx="48" ry="58" fill="${person.skin}"/>
    ${beard}${front}<g fill="#2b2320"><circle cx="${-19 + 3 * look}" cy="-4" r="4.500"/><circle cx="${19 + 3 * look}" cy="-4" r="4.500"/></g>
    <g fill="none" stroke="#2b2320" stroke-linecap="round" stroke-width="3"><path d="M-29-21Q-19-27-10-21M10-21Q19-27 29-21"/><path d="M-1 2L${-4 + look} 16Q0 19 4 17" stroke-opacity="0.500"/><path d="M-16 32Q0 ${32 + smile} 16 32" stroke="#8c3b34"/></g>${glasses}`;
}

const shoulders = (colour: string): string => `<path d="M-86 150C-84 92-44 70 0 70C44 70 84 92 86 150Z" fill="${colour}"/>`;

/** A portrait, as the crop of an enrolled face shows it. */
export function portrait(index: number, take: number): string {
  const person = people[index]!;
  const background = backgrounds[(index + take) % backgrounds.length]!;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="160" viewBox="-80 -88 160 160"><rect x="-80" y="-88" width="160" height="160" fill="${background}"/>
    <g transform="rotate(${(take * 7) % 13 - 6}) scale(${1 + 0.04 * (take % 3)})">${shoulders(['#3f5c6b', '#7b4b5c', '#5c6b3f'][take % 3]!)}${head(person, take)}</g></svg>`;
}

export interface PlacedFace { person: number; x: number; y: number; scale: number }

/** A picture of several people, and where their faces are. */
export const group = {
  width: 1200,
  height: 800,
  faces: [
    { person: 0, x: 240, y: 330, scale: 1.35 },
    { person: 3, x: 500, y: 300, scale: 1.4 },
    { person: 5, x: 760, y: 270, scale: 1.42 },
    { person: 6, x: 1000, y: 350, scale: 1.3 },
  ] satisfies PlacedFace[],
};

export function groupPicture(): string {
  const leaves = Array.from({ length: 26 }, (_, i) =>
    `<circle cx="${(i * 137) % 1200}" cy="${60 + ((i * 89) % 250)}" r="${50 + ((i * 31) % 60)}" fill="${['#7fa58f', '#94b59d', '#6d9481'][i % 3]}"/>`).join('');
  const bodies = group.faces.map((face, i) =>
    `<g transform="translate(${face.x} ${face.y}) scale(${face.scale})"><path d="M-100 420C-104 120-60 72 0 70C60 72 104 120 100 420Z" fill="${['#31505f', '#8a4f3f', '#4d5a78', '#6a7a45'][i]}"/>${head(people[face.person]!, i)}</g>`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800" viewBox="0 0 1200 800"><rect width="1200" height="800" fill="#bcd3cf"/>${leaves}
    <rect y="470" width="1200" height="330" fill="#8fae86"/>${bodies}</svg>`;
}

export const boxOf = (face: PlacedFace): { x: number; y: number; width: number; height: number } => ({
  x: Math.round(face.x - 50 * face.scale), y: Math.round(face.y - 50 * face.scale),
  width: Math.round(100 * face.scale), height: Math.round(116 * face.scale),
});
