import { Link, useParams } from "react-router";

import { useSights } from "../api";

export function SightPage() {
  const { id } = useParams();
  const { data } = useSights();
  const sight = data?.find((one) => one.id === Number(id));
  return (
    <main>
      <h2>{sight?.name ?? "Not here"}</h2>
      <Link to="/">Back</Link>
    </main>
  );
}
