import hooks from "eslint-plugin-react-hooks";

export default [{ files: ["frontend/**/*.js"], plugins: { "react-hooks": hooks } }];
