import js from "@eslint/js";

export default [
  { ignores: ["staticfiles/"] },
  js.configs.recommended,
  { languageOptions: { globals: { document: "readonly" } } },
];
