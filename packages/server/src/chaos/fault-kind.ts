import type { ChaosInput, ChaosTransform } from '@twinloop/client';
import type { ChaosKind, FactPayloads, MetadataStore } from '@twinloop/kernel';
import type { LoadedProject } from '../config/project-config.js';
import type { Datasets } from '../project/datasets.js';
import type { ServiceParts } from '../project/service-parts.js';
import type { Fault } from './chaos-state.js';
import type { Killer } from './killer.js';

export interface ChaosPorts
  extends Pick<
    ServiceParts,
    'clock' | 'facts' | 'state' | 'shelf' | 'delivery' | 'outstanding' | 'datasets' | 'shared' | 'replays'
  > {
  readonly loaded: LoadedProject;
  readonly metadata: MetadataStore;
  readonly desk: Pick<Datasets, 'offer'>;
  readonly endpoint: string;
  readonly killer: Killer;
  counts(): Promise<{ readonly predictions: number; readonly outcomes: number }>;
}

/** What is written down before anything is broken. */
export interface Plan {
  readonly target: string | null;
  readonly sentence: string;
  readonly detail: FactPayloads['ChaosStarted']['detail'];
}

/** One way to break the demo. Every verb may be called twice: a fault is taken up again after a restart. */
export interface FaultKind {
  readonly kind: ChaosKind;
  readonly title: string;
  readonly description: string;
  /** What undoing it does; null when there is nothing to undo. */
  readonly undo: string | null;
  readonly transforms: readonly ChaosTransform[];
  /** It shows only while requests come in. */
  readonly needsTraffic: boolean;
  /** Why it cannot be done now; null when it can. */
  unavailable(ports: ChaosPorts): string | null;
  /** What may be named; the first is the default. */
  targets(ports: ChaosPorts): Promise<readonly string[]>;
  plan(
    ports: ChaosPorts,
    chosen: { readonly chaos: string } & Pick<ChaosInput, 'target' | 'transform'>,
  ): Promise<Plan>;
  /** Breaks it. */
  begin(ports: ChaosPorts, fault: Fault): Promise<void>;
  /** Takes it back. */
  takeBack(ports: ChaosPorts, fault: Fault, actor: string): Promise<void>;
}
