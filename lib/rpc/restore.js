'use strict';
// ctx.restore(), which the flag allow_irrevocable_stub_storage opens in workerd (S3.8.9): refused by name. workerd calls it temporary,
// and that it will break what was stored with it.

/** @returns {Promise<never>} */
const restore = async () => {
  throw new Error(
    'ctx.restore() (allow_irrevocable_stub_storage) is not supported by Holdfast: stubs cannot be stored.',
  );
};

/** @param {object} ctx @param {Record<string, boolean>} flags */
function addRestore(ctx, flags) {
  if (!flags.allow_irrevocable_stub_storage) return;
  Object.defineProperty(ctx, 'restore', { value: restore, writable: true, configurable: true });
}

module.exports = { addRestore };
