const path = require("node:path");
const BundleTracker = require("webpack-bundle-tracker");
const MiniCssExtractPlugin = require("mini-css-extract-plugin");

module.exports = {
  entry: { main: "./frontend/main.js" },
  output: {
    path: path.resolve(__dirname, "assets/bundles"),
    publicPath: "auto",
    filename: "[name]-[contenthash].js",
    clean: true,
  },
  module: {
    rules: [
      {
        test: /\.js$/,
        exclude: /node_modules/,
        use: { loader: "babel-loader", options: { presets: ["@babel/preset-env"] } },
      },
      { test: /\.css$/, use: [MiniCssExtractPlugin.loader, "css-loader"] },
      { test: /\.svg$/, type: "asset/resource", generator: { filename: "[name]-[contenthash][ext]" } },
    ],
  },
  plugins: [
    new MiniCssExtractPlugin({ filename: "[name]-[contenthash].css" }),
    new BundleTracker({ path: __dirname, filename: "webpack-stats.json" }),
  ],
};
