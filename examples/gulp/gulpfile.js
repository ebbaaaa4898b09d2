const { dest, parallel, series, src, watch } = require("gulp");
const sass = require("gulp-sass")(require("sass"));
const terser = require("gulp-terser");

function styles() {
  return src("assets/styles/*.scss").pipe(sass({ style: "compressed" })).pipe(dest("static/styles"));
}

function scripts() {
  return src("assets/scripts/*.js").pipe(terser()).pipe(dest("static/scripts"));
}

function observe() {
  watch("assets/styles/**/*.scss", styles);
  watch("assets/scripts/**/*.js", scripts);
}

exports.build = parallel(styles, scripts);
exports.default = series(exports.build, observe);
