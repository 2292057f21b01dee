import type { SuggestionsView } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { whole } from '../../format/numbers.js';
import { suggestionsQuery } from '../../live/queries.js';
import { Command, CopyButton } from '../../parts/command.js';
import { Loaded } from '../../parts/loaded.js';
import { Section } from '../../parts/page.js';
import { StatusMark } from '../../parts/status-mark.js';
import { Wide } from '../../parts/layout/wide.js';
import { openYaml } from './rules.js';

/** Rules that this version would keep, each with its reason; ready for twinloop.yaml. */
export function Suggestions(props: { project: string; dataset: string; version: string }) {
  const { project, dataset, version } = props;
  const query = useQuery(suggestionsQuery(project, dataset, version));
  return (
    <Section
      title="Rules that this version suggests"
      {...(query.data === undefined ? {} : { note: noteOf(query.data) })}
    >
      <Loaded query={query}>
        {view =>
          view.rules.length === 0 ? (
            <p className="text-soft">Nothing of this version suggests a rule.</p>
          ) : (
            <Rules project={project} view={view} />
          )
        }
      </Loaded>
    </Section>
  );
}

function noteOf({ rules }: SuggestionsView): string {
  const declared = rules.filter(rule => rule.declared).length;
  return `${whole(rules.length)} rules, ${whole(declared)} of them declared already; each holds here with room to breathe`;
}

function Rules({ project, view }: { project: string; view: SuggestionsView }) {
  const open = openYaml(view);
  return (
    <>
      <Command text={`twinloop data suggest ${view.dataset} --write --project ${project}`} />
      <div className="-ml-1.5 mt-1 mb-3 flex flex-wrap items-center gap-2">
        {open !== '' && <CopyButton text={open} label="Copy what is not declared, as YAML" />}
        <CopyButton text={view.yaml} label="Copy all, as YAML" />
      </div>
      <Wide label="Suggested rules">
        <table className="table">
          <thead>
            <tr>
              <th>Rule</th>
              <th>Why</th>
              <th>State</th>
            </tr>
          </thead>
          <tbody>
            {view.rules.map(({ text, why, declared }) => (
              <tr key={text}>
                <td className="min-w-[260px]">
                  <code className="[overflow-wrap:anywhere] whitespace-normal!">{text}</code>
                </td>
                <td className="min-w-[260px]">{why}</td>
                <td className="whitespace-nowrap">
                  {declared ? (
                    <span className="flex items-center gap-1.5">
                      <StatusMark mark="ok" /> declared
                    </span>
                  ) : (
                    <span className="-my-1 block">
                      <CopyButton text={`    - ${text}\n`} what={`the rule ${text}`} />
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  );
}
