import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter, RouterProvider } from "react-router";

import { Catalogue } from "./components/Catalogue";
import { SightPage } from "./components/SightPage";
import "./styles/site.scss";

const router = createBrowserRouter([
  { path: "/", element: <Catalogue /> },
  { path: "/sights/:id", element: <SightPage /> },
]);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={new QueryClient()}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
