import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { projectsQuery } from '../live/queries.js';

/** No project can have this name. */
const NEW = ' new';

/** Goes to another project, or makes one. A demo opens on its loop, any other on what waits today. */
export function ProjectSwitcher({ project }: { project: string }) {
  const { data } = useQuery(projectsQuery);
  const navigate = useNavigate();
  const names = [...new Set([project, ...(data ?? []).map(p => p.project)])].sort();
  return (
    <select
      aria-label="Project"
      className="field max-w-[160px] font-semibold"
      value={project}
      onChange={event => {
        const chosen = event.target.value;
        if (chosen === NEW) return void navigate({ to: '/new' });
        const demo = data?.find(p => p.project === chosen)?.demo === true;
        void navigate({ to: demo ? '/p/$project' : '/p/$project/today', params: { project: chosen } });
      }}
    >
      {names.map(name => (
        <option key={name}>{name}</option>
      ))}
      <option value={NEW}>New project …</option>
    </select>
  );
}
