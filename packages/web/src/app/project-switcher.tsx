import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { projectsQuery } from '../live/queries.js';

export function ProjectSwitcher({ project }: { project: string }) {
  const { data } = useQuery(projectsQuery);
  const navigate = useNavigate();
  const names = [...new Set([project, ...(data ?? []).map(p => p.project)])].sort();
  if (names.length === 1) return <span className="font-semibold whitespace-nowrap">{project}</span>;
  return (
    <select
      aria-label="Project"
      className="field max-w-[160px] font-semibold"
      value={project}
      onChange={event => void navigate({ to: '/p/$project', params: { project: event.target.value } })}
    >
      {names.map(name => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}
