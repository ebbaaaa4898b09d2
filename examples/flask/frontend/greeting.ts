export function greeting(name: string, now: Date): string {
  const part: "morning" | "day" | "evening" = now.getHours() < 11 ? "morning" : now.getHours() < 18 ? "day" : "evening";
  return name && `Good ${part}, ${name}. This was written by TypeScript.`;
}
