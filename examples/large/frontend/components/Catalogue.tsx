import { useForm } from "react-hook-form";

import { useSights } from "../api";
import { Chart } from "./Chart";
import { SightCard } from "./SightCard";

export function Catalogue() {
  const { register, watch } = useForm({ defaultValues: { search: "" } });
  const { data, isPending, error } = useSights();
  if (isPending) return <p>Loading…</p>;
  if (error) return <p role="alert">{error.message}</p>;
  const search = watch("search").toLowerCase();
  const found = data.filter((sight) => sight.name.toLowerCase().includes(search));
  return (
    <main className="catalogue">
      <input {...register("search")} placeholder="Search" />
      <Chart sights={found} />
      <ul className="catalogue__list">
        {found.map((sight) => (
          <SightCard key={sight.id} sight={sight} />
        ))}
      </ul>
    </main>
  );
}
