import { loadProject } from '@twinloop/server';
import { describe, expect, it } from 'vitest';
import { starterProject } from './starter-project.js';

describe('the starter project', () => {
  const text = starterProject('churn', 'http://127.0.0.1:4600');

  it('is valid as it stands', () => {
    expect(loadProject(text, '/somewhere').config).toMatchObject({ project: 'churn', timezone: 'UTC' });
  });

  it('shows its schema to editors, and asks when a label becomes known', () => {
    expect(text).toMatch(
      /^# yaml-language-server: \$schema=http:\/\/127\.0\.0\.1:4600\/api\/twinloop\/v1\/schema\n/,
    );
    expect(loadProject(text, '/somewhere').config.datasets['cases']?.label?.arrives).toBe('known');
  });
});
