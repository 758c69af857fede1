/** Where svelte-check and the bundler look; all is default. */
export default { compilerOptions: { runes: true } };
