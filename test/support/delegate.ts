/** The same object with some of its members changed: whatever it learns to do, the delegate hands on. */
export function delegate<T extends object>(inner: T, changes: Partial<T>): T {
  return new Proxy(inner, {
    get(target, name) {
      const value: unknown = Reflect.get(name in changes ? changes : target, name)
      // Methods of classes with private members work on the object itself only.
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
