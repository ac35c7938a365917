/** For tests and benchmarks: the view of a Windows record as `taxonomy/windows.ts` describes it. */

type Json = Record<string, unknown>;

/** `{Event: {System, EventData | UserData}}` becomes flat; a flat record gets `Provider_Name` and `Computer`. */
export function windowsView(document: Json): Json {
  const event = document['Event'] as Json | undefined;
  return event === undefined ? flatView(document) : eventView(event);
}

function flatView(view: Json): Json {
  view['Provider_Name'] ??= view['SourceName'];
  view['Computer'] ??= view['Hostname'];
  return view;
}

function eventView({ System, EventData, UserData }: Json): Json {
  const system = System as Json;
  const view: Json = {
    Provider_Name: attribute(system['Provider'], 'Name'),
    ProviderGuid: attribute(system['Provider'], 'Guid'),
    ExecutionProcessID: attribute(system['Execution'], 'ProcessID'),
    UserID: attribute(system['Security'], 'UserID'),
  };
  for (const name of [
    'Channel',
    'EventID',
    'Computer',
    'Level',
    'Task',
    'Opcode',
    'Keywords',
    'Version',
    'EventRecordID',
  ]) {
    view[name] = content(system[name]);
  }
  for (const name in view) if (view[name] === undefined || view[name] === null) delete view[name];
  add(view, EventData);
  if (isObject(UserData)) {
    const elements = Object.keys(UserData).filter((name) => !name.startsWith('#') && name !== 'xmlns');
    add(view, elements.length === 1 && isObject(UserData[elements[0]!]) ? UserData[elements[0]!] : UserData);
  }
  return view;
}

/** Names that only the event's own System part may give. */
const SYSTEM = new Set(['Channel', 'EventID', 'Provider_Name', 'Computer', '#attributes', 'xmlns']);

function add(view: Json, data: unknown): void {
  if (!isObject(data)) return;
  for (const [name, value] of Object.entries(data)) {
    if (!SYSTEM.has(name)) view[name] = content(value);
  }
}

function attribute(element: unknown, name: string): unknown {
  return isObject(element) ? (element['#attributes'] as Json | undefined)?.[name] : undefined;
}

function content(value: unknown): unknown {
  return isObject(value) ? (value['#text'] ?? value) : value;
}

function isObject(value: unknown): value is Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
