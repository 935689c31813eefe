// @ts-check
// The handbook of an orchard that does not exist.

const lightTheme = require('prism-react-renderer').themes.github;

const baseUrl = '/orchard/';

/** The people are a second set of documents. */
const people = {
  id: 'community',
  path: 'community',
  routeBasePath: 'people',
  sidebarPath: false,
};

/** @type {import('@docusaurus/types').Config} */
const config = {
  title: 'Orchard handbook',
  tagline: `Trees, and what they "need"`,
  url: 'https://trees.example',
  baseUrl,
  onBrokenLinks: 'warn',
  onBrokenAnchors: 'ignore',
  markdown: {hooks: {onBrokenMarkdownLinks: 'warn', onBrokenMarkdownImages: 'warn'}},
  i18n: {defaultLocale: 'en', locales: ['en', 'fr']},
  presets: [
    [
      'classic',
      /** @type {import('@docusaurus/preset-classic').Options} */
      ({
        docs: {
          sidebarPath: require.resolve('./sidebars.js'),
          editUrl: ({docPath}) => `https://trees.example/edit/${docPath}`,
        },
        blog: {showReadingTime: true, onUntruncatedBlogPosts: 'ignore', onInlineAuthors: 'ignore'},
      }),
    ],
  ],
  plugins: [['@docusaurus/plugin-content-docs', people]],
  themeConfig: {
    prism: {theme: lightTheme},
    navbar: {title: 'Orchard', items: [{to: '/docs/', label: 'Handbook', position: 'left'}]},
  },
};

module.exports = config;
