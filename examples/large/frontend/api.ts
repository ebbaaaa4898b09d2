import { useQuery } from "@tanstack/react-query";
import { z } from "zod";

const sight = z.object({
  id: z.number(),
  name: z.string(),
  icon: z.string(),
  seen: z.iso.date(),
  count: z.number().int().positive(),
});
export type Sight = z.infer<typeof sight>;

const answer = z.object({ sights: z.array(sight) });

export function useSights() {
  return useQuery({
    queryKey: ["sights"],
    queryFn: async () => answer.parse(await (await fetch("/api/sights")).json()).sights,
  });
}
