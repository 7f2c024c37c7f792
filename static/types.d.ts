// What the front end's modules share. Python declares it (`Explorer.spec`) or either engine brings it.

/** A parameter or gesture, with `:index` for an entry of it, and the value that a reader asks for. */
type Change = [key: string, raw: unknown];
type Send = (changes: Change[]) => void;
type State = Record<string, any>;

/**
 * A parameter of the explorer. Choices have no bounds, and lists and texts no step; a list of names
 * has no control of its own.
 */
interface Parameter {
  name: string;
  kind: 'number' | 'numbers' | 'choice' | 'text' | 'texts';
  control: 'number' | 'choice' | 'text' | 'letters' | 'outcomes' | 'pair' | 'rows' | 'table';
  label: string;
  bounds: [low: number, high: number];
  step: number;
  whole?: boolean;
  /** Powers of ten that its slider goes through, unless the scale is linear. */
  decades?: number;
  /** Whether each number of a list moves by itself, so that none can be locked. */
  alone?: boolean;
  objects: string[];
  /** The list of names that a choice's options have, and how many of them are there. */
  named?: [names: string, count: string];
  default: unknown;
}

/** How a number is written. */
interface NumberFormat {
  digits?: number;
  style?: 'fixed' | 'percent' | 'rounded' | 'scientific' | 'ratio';
  /** The readout, or `one`, whose size makes what is far smaller rounding noise. */
  noise_of?: string | null;
}

/** An axis that ends on a step of the ladder. */
interface Axis {
  below: number;
  above: number;
}

/** Texts on a picture or in a table, see Label in app/contract/declaration.py. */
interface Label {
  name: string;
  table: string;
  x: string | number;
  y: string | number;
  cases: [column: string, least: string, template: string][];
  also?: string[];
  axis?: string;
  edge: number;
  tall?: string;
  within?: string;
  fit?: string;
  drop?: number;
  beside?: boolean;
  inside?: [wide: string | number, tall: string | number, taken: number];
}

/** A knob on a picture, see Handle in app/contract/declaration.py; what is as by default is left out. */
interface Handle {
  along: { x?: string; y?: string };
  picture: string;
  table: string;
  x: string | number;
  y: string | number;
  role?: string;
  entry?: string | number;
  origin?: string | number;
  gain?: string | number;
  law?: 'surprise';
  way?: string;
  room?: string;
  idle?: string;
  anywhere?: boolean;
  sparse?: boolean;
  /** A table through whose rows goes the line that the knob keeps to. */
  curve?: string;
}

interface TableSpec {
  name: string;
  source: string;
  columns: [column: string, digits: number | null, heading: string][];
  live: boolean;
}

/** An explorer's declaration. A preset is a state, or the gesture that leads to one. */
interface Spec {
  slug: string;
  units: Record<string, number>;
  unit_slots: Record<string, Record<string, string>>;
  reserved: string[];
  ladder: number[];
  rows_shown: number;
  sentences: Record<string, string>;
  axes: Record<string, Axis>;
  labels: Label[];
  handles: Handle[];
  parameters: Parameter[];
  readouts: Record<string, NumberFormat>;
  tables: TableSpec[];
  presets: Record<string, State | string>;
  kept: string[];
  gestures: string[];
  ways: Record<string, string>;
  players: Record<string, string>;
  code: string;
  constants: Record<string, object>;
}

/** The columns of a table of the page, by name, with the labels that it shows. */
type TableColumns = (table: TableSpec) => Record<string, any>;

/** A refusal or a note for the reader: the code of a sentence with its arguments or, of Python alone, a text. */
interface Message {
  kind: 'refused' | 'note';
  key?: string;
  code?: string;
  args?: Record<string, any>;
  text?: string;
}

/** The last result. `controls` is what a control shows where that is not the state itself. */
interface Frame {
  seq?: number | null;
  state: State;
  messages: Message[];
  readouts: Record<string, number>;
  ranges: Record<string, [low: number, high: number]>;
  flags: Record<string, boolean>;
  slots: Record<string, string>;
  controls: State;
  choices: Record<string, [options: string[], chosen: string]>;
}

/** How far jobs and files are. */
interface Progress {
  seq?: number | null;
  jobs?: Record<string, [fraction: number, words: string]>;
  arrived?: Record<string, number>;
  refused?: Message | null;
  /** The upload whose file was refused. */
  dropped?: string;
}

/** The elements of the page that a selector finds. */
type Find = <E extends HTMLElement = HTMLElement>(selector: string) => E[];

/** What computes: Python, or this page. Only Python takes long work and files. */
interface Engine {
  readonly frame: Frame;
  /** Whether the state lives after # in the address. */
  inFragment: boolean;
  send: Send;
  /** Whether the frame answers all that was asked for. */
  readonly settled: boolean;
  /** Keeps these parameters as they are, whatever is sent but a task's start. */
  fix(names: string[]): void;
  listen(paint: () => void, paintProgress: () => void): void;
  /** Those parts of the front end that not every page needs; this page's, at least. */
  parts: Parts;
}

interface Parts {
  bindAtHand?: typeof import('./front/at-hand.js').bindAtHand;
  bindHandles?: typeof import('./front/handles.js').bindHandles;
  bindLabels?: typeof import('./front/labels.js').bindLabels;
  bindPassages?: typeof import('./front/passage.js').bindPassages;
  bindRoom?: typeof import('./rooms/room.js').bindRoom;
  bindPlayers?: typeof import('./front/player.js').bindPlayers;
  bindTasks?: typeof import('./front/tasks.js').bindTasks;
  bindWork?: (find: Find, engine: any, tell: (message: Message) => void) => () => void;
  buildLetters?: BuildControl;
  buildShares?: BuildControl;
  buildOutcomes?: BuildControl;
  buildPair?: BuildControl;
  buildTable?: BuildControl;
}

interface PythonEngine extends Engine {
  readonly progress: Progress;
  /** What the page asked for and has no answer to. */
  readonly unanswered: Change[];
  /** Starts or cancels work, or brings a chunk of a file. */
  ask(request: Record<string, unknown>): void;
}

/** Fills a place with a parameter's control; what it returns paints the control from a state. */
type BuildControl = (place: HTMLElement, parameter: Parameter, send: Send) => PaintControl;

/** Only a frame that answers all that was asked for moves what a hand or a key has moved. */
type PaintControl = (state: State, settled: boolean) => void;
