/**
 * Puts a notice into a tenant's configuration, in the place of what introduces the form.
 * @param {string} text The configuration as JSON.
 * @param {string} [notice]
 */
export function withNotice(text, notice) {
  if (!notice) return text;
  const config = JSON.parse(text);
  config.form = { ...config.form, intro: { en: notice } };
  return JSON.stringify(config);
}
