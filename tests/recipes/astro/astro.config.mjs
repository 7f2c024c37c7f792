export default { base: '/blog' };
