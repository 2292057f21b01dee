import type { ServiceParts } from '../project/service-parts.js';
import type { TestsService } from '../app.js';
import { EdgeTests } from './edge-tests.js';
import { TestDesk } from './test-desk.js';

/** The port of model tests: a desk that asks models, and a drawer of tests that people made. */
export class Tests implements TestsService {
  readonly sarif: TestsService['sarif'];
  readonly test: TestsService['test'];
  readonly list: TestsService['list'];
  readonly add: TestsService['add'];
  readonly remove: TestsService['remove'];

  constructor(parts: ServiceParts, sarif: TestsService['sarif']) {
    const desk = new TestDesk(parts);
    const edge = new EdgeTests(parts);
    this.sarif = sarif;
    this.test = (model, input) => desk.test(model, input);
    this.list = endpoint => edge.list(endpoint);
    this.add = (endpoint, id, input, principal) => edge.add(endpoint, id, input, principal);
    this.remove = (endpoint, name, principal) => edge.remove(endpoint, name, principal);
  }
}
