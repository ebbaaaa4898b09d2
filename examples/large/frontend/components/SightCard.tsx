import { format, parseISO } from "date-fns";
import { Link } from "react-router";

import type { Sight } from "../api";

export function SightCard({ sight }: { sight: Sight }) {
  return (
    <li className="card">
      <Link to={`/sights/${sight.id}`}>{sight.name}</Link>
      <time dateTime={sight.seen}>{format(parseISO(sight.seen), "d MMMM yyyy")}</time>
    </li>
  );
}
