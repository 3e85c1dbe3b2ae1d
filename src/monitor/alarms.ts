import type { Alarm } from '../core/alarm.ts';
import type { Log } from './log.ts';

/** The alarms that are raised now. Derived from what is stored at every look: losing them loses nothing. */
export interface Alarms {
  /** Replaces those about this hub; null for those about all. Says in the log what is new and what is over. */
  readonly set: (hub: string | null, alarms: readonly Alarm[]) => void;
  readonly all: () => readonly Alarm[];
}

export function createAlarms(log: Log): Alarms {
  const raised = new Map<string | null, readonly Alarm[]>();
  return {
    set(hub, alarms) {
      const before = raised.get(hub) ?? [];
      raised.set(hub, alarms);
      for (const alarm of alarms.filter((each) => !has(before, each))) {
        log('error', `alarm: ${alarm.because}`, { hub, kind: alarm.kind });
      }
      for (const alarm of before.filter((each) => !has(alarms, each))) {
        log('info', `alarm over: ${alarm.because}`, { hub, kind: alarm.kind });
      }
    },
    all: () => [...raised.values()].flat(),
  };
}

function has(alarms: readonly Alarm[], { kind }: Alarm): boolean {
  return alarms.some((alarm) => alarm.kind === kind);
}
