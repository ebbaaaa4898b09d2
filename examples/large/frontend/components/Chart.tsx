import { BarController, BarElement, CategoryScale, Chart as Bars, LinearScale } from "chart.js";
import { useEffect, useRef } from "react";

import type { Sight } from "../api";

Bars.register(BarController, BarElement, CategoryScale, LinearScale);

export function Chart({ sights }: { sights: Sight[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const chart = new Bars(canvas.current!, {
      type: "bar",
      data: {
        labels: sights.map((sight) => sight.name),
        datasets: [{ data: sights.map((sight) => sight.count) }],
      },
    });
    return () => chart.destroy();
  }, [sights]);
  return <canvas ref={canvas} />;
}
