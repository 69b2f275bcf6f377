// The page's own program. Everything it adds is there without it in another form: plots as SVG, tables, links.
// It reads the data the page carries, writes text only (never markup), stores nothing, and asks no one.
;(() => {
  const root = document.documentElement
  root.classList.add('scripted')
  const all = (selector, within = document) => [...within.querySelectorAll(selector)]
  const announce = (text) => {
    document.querySelector('.announce').textContent = text
  }
  // Plain JSON, or packed where it is large. Nothing, where there is none or the browser can't unpack it.
  const dataOf = async (id) => {
    const element = document.getElementById(id)
    if (!element) return undefined
    if (!element.type.includes('gzip')) return JSON.parse(element.textContent)
    if (typeof DecompressionStream !== 'function') return undefined
    const bytes = Uint8Array.from(atob(element.textContent), (character) => character.charCodeAt(0))
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).json()
  }
  const plots = []

  // Light and dark: as the system says, until the button says otherwise.
  const systemDark = matchMedia('(prefers-color-scheme: dark)')
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : systemDark.matches)
  const themeButton = document.querySelector('.theme')
  const showTheme = () => {
    themeButton.textContent = isDark() ? 'Light' : 'Dark'
    for (const plot of plots) plot.redraw(false)
  }
  themeButton.hidden = false
  themeButton.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark'
    showTheme()
  })
  systemDark.addEventListener('change', showTheme)
  showTheme()

  for (const button of all('.copy')) {
    button.hidden = false
    button.addEventListener('click', async () => {
      const code = button.parentElement.querySelector('code')
      try {
        await navigator.clipboard.writeText(code.textContent)
      } catch {
        // A page opened from a file may not write to the clipboard this way.
        const range = document.createRange()
        range.selectNodeContents(code)
        getSelection().removeAllRanges()
        getSelection().addRange(range)
        document.execCommand('copy')
      }
      button.textContent = 'Copied'
      announce('Copied')
      setTimeout(() => {
        button.textContent = 'Copy'
      }, 1500)
    })
  }

  for (const button of all('.save')) {
    button.hidden = false
    button.addEventListener('click', async () => {
      const name = button.dataset.file
      const files = await dataOf('files')
      if (!files) return announce('This browser cannot unpack the file')
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([files[name]], { type: 'application/json' }))
      link.download = name
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 10000)
    })
  }

  // A link to something folded away unfolds it: what it stands in, and what it is itself.
  const unfold = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (!target) return
    const own = target.querySelector(':scope > details')
    if (own) own.open = true
    for (let element = target; element; element = element.parentElement) if (element.localName === 'details') element.open = true
    target.scrollIntoView()
  }
  addEventListener('hashchange', unfold)
  // The same link once more, after what it led to was folded again.
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href^="#"]')
    if (link && link.hash === location.hash) unfold()
  })

  // Frames that scroll say so, and to which side there is more.
  const frames = all('.scroll')
  const showMore = (frame) => {
    const rest = frame.scrollWidth - frame.clientWidth
    if (rest <= 1) delete frame.dataset.more
    else frame.dataset.more = frame.scrollLeft < rest - 1 ? 'right' : 'left'
  }
  const measureFrame =
    typeof ResizeObserver === 'function'
      ? new ResizeObserver((entries) => {
          for (const { target } of entries) showMore(target)
        })
      : undefined
  for (const frame of frames) {
    showMore(frame)
    frame.addEventListener('scroll', () => showMore(frame), { passive: true })
    measureFrame?.observe(frame)
  }

  // Search: through everything that has a line of its own, folded or not. A hit is a link, which unfolds what it leads to.
  const MOST_FOUND = 30
  const search = document.querySelector('.search')
  const field = search.querySelector('input')
  const found = search.querySelector('.found')
  let index
  const makeIndex = () => {
    let made = 0
    return all('main h1, main h2, main h3, .answer > li, .verdict, main tbody tr, dl.facts > dt, main p, .notes > li, .aside > li').flatMap(
      (element) => {
        const text = (element.localName === 'dt' ? `${element.textContent}: ${element.nextElementSibling?.textContent ?? ''}` : element.textContent)
          .replace(/\s+/g, ' ')
          .trim()
        if (text === '' || element.closest('.verdict') !== (element.matches('.verdict') ? element : null)) return []
        const home = element.closest('section')?.querySelector('h2')?.textContent ?? 'The answer'
        return [
          {
            element,
            text,
            low: text.toLowerCase(),
            home,
            id: () => {
              element.id ||= element.querySelector(':scope > details[id]') ? '' : `found-${++made}`
              return element.id || element.querySelector(':scope > details').id
            },
          },
        ]
      },
    )
  }
  const show = () => {
    const words = field.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
    found.replaceChildren()
    found.hidden = words.length === 0
    if (found.hidden) return
    index ??= makeIndex()
    const hits = index.filter(({ low }) => words.every((word) => low.includes(word)))
    for (const { text, low, home, id } of hits.slice(0, MOST_FOUND)) {
      const at = Math.max(0, low.indexOf(words[0]) - 30)
      const link = document.createElement('a')
      link.href = `#${id()}`
      const where = document.createElement('b')
      where.textContent = home
      link.append(where, ` ${at > 0 ? '…' : ''}${text.slice(at, at + 110)}${text.length > at + 110 ? '…' : ''}`)
      found.appendChild(document.createElement('li')).append(link)
    }
    const count = `${hits.length} found${hits.length > MOST_FOUND ? `, the first ${MOST_FOUND} shown` : ''}`
    if (hits.length === 0 || hits.length > MOST_FOUND) found.appendChild(document.createElement('li')).textContent = count
    announce(count)
  }
  search.hidden = false
  field.addEventListener('input', show)
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      field.value = ''
      show()
      field.focus()
    } else if (event.key === 'Enter' && event.target === field) found.querySelector('a')?.click()
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const links = all('a', found)
      const at = links.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1)
      if (links.length === 0) return
      event.preventDefault()
      if (at < 0) field.focus()
      else links[Math.min(at, links.length - 1)].focus()
    }
  })

  // On paper nothing is folded away.
  let folded = []
  addEventListener('beforeprint', () => {
    folded = all('details:not([open])')
    for (const details of folded) details.open = true
  })
  addEventListener('afterprint', () => {
    for (const details of folded) details.open = false
    folded = []
  })

  // Where in the report one is.
  if (typeof IntersectionObserver === 'function') {
    const links = new Map(all('.contents .sections a').map((link) => [link.hash.slice(1), link]))
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting) continue
          for (const link of links.values()) link.removeAttribute('aria-current')
          links.get(target.id)?.setAttribute('aria-current', 'true')
        }
      },
      { rootMargin: '-10% 0px -80% 0px' },
    )
    for (const section of all('main > section')) observer.observe(section)
  }

  // Plots that can be zoomed: all of one cell together, with one cursor.
  const digits = (value) => String(Number(value.toPrecision(3)))
  const grouped = (value) => (Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : digits(value))
  const durationWords = (micros) =>
    micros >= 1e6 ? `${digits(micros / 1e6)} s` : micros >= 1e3 ? `${digits(micros / 1e3)} ms` : `${digits(micros)} us`
  const words = {
    rate: (value) => `${grouped(value)}/s`,
    nanos: durationWords,
    share: (value) => `${digits(value * 100)} %`,
  }
  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim()
  const LANE = 15

  const drawBands = (bands, lanes, end) => (plot) => {
    const { ctx, bbox } = plot
    const ratio = devicePixelRatio
    const { min, max } = plot.scales.x
    const at = (seconds) => Math.round(plot.valToPos(Math.min(Math.max(seconds, min), max), 'x', true))
    ctx.save()
    ctx.font = `600 ${11 * ratio}px system-ui, sans-serif`
    ctx.textBaseline = 'middle'
    for (const { kind, name, from, to } of bands) {
      if (to < min || from > max) continue
      const left = at(from)
      const width = Math.max(2 * ratio, at(Math.min(to, end)) - left)
      if (kind === 'warm-up' || kind === 'after-load') {
        ctx.fillStyle = colour('--warm-up')
        ctx.fillRect(left, bbox.top, width, bbox.height)
        continue
      }
      const top = bbox.top - (lanes.length - lanes.findIndex((lane) => lane.name === name && lane.from === from)) * LANE * ratio
      ctx.fillStyle = colour(`--${kind}`)
      ctx.globalAlpha = 0.13
      ctx.fillRect(left, top, width, bbox.top + bbox.height - top)
      ctx.globalAlpha = 0.85
      ctx.fillRect(left, top, width, (LANE - 3) * ratio)
      ctx.globalAlpha = 1
      const before = left > bbox.left + bbox.width * 0.6
      ctx.textAlign = before ? 'right' : 'left'
      ctx.fillText(name, before ? left - 4 * ratio : left + width + 4 * ratio, top + ((LANE - 3) / 2) * ratio)
    }
    ctx.restore()
  }

  const drawCell = (cell) => {
    const details = document.getElementById(cell.cell)
    const container = details?.querySelector('.panels')
    if (!container || container.dataset.drawn) return
    container.dataset.drawn = 'yes'
    const own = []
    let following = false
    const lanes = cell.bands.filter(({ kind }) => kind === 'fault' || kind === 'note')
    const zoomTo = (min, max) => {
      const span = Math.min(Math.max(max - min, cell.step * 2), cell.end)
      const start = Math.min(Math.max(min, 0), cell.end - span)
      for (const plot of own) plot.setScale('x', { min: start, max: start + span })
      announce(span >= cell.end ? 'The whole run' : `From ${digits(start)} to ${digits(start + span)} seconds`)
    }
    for (const panel of cell.panels) {
      const figure = container.querySelector(`[data-panel="${panel.id}"]`)
      const host = figure?.querySelector('.live')
      if (!host) continue
      host.hidden = false
      host.setAttribute('aria-hidden', 'true')
      figure.classList.add('drawn')
      const log = panel.unit === 'nanos'
      const decades = (_, values) => values.map((value) => (log && !/^10*$/.test(String(value)) ? null : value))
      const outputs = all('.legend li', figure).map((item) => item.appendChild(document.createElement('output')))
      const points = Math.max(...panel.lines.map((line) => line.values.length))
      const times = Array.from({ length: points }, (_, index) => Math.min((index + 0.5) * cell.step, cell.end))
      const width = () => Math.max(200, host.clientWidth)
      const axis = { stroke: () => colour('--dim'), font: '11px system-ui, sans-serif', grid: { stroke: () => colour('--line'), width: 1 } }
      const ticks = { stroke: () => colour('--strong-line'), width: 1, size: 4 }
      const plot = new uPlot(
        {
          width: width(),
          height: 148 + lanes.length * LANE,
          padding: [8 + lanes.length * LANE, 12, 0, 0],
          legend: { show: false },
          cursor: { sync: { key: cell.cell, setSeries: false }, drag: { x: true, y: false }, y: false, points: { size: 6 } },
          scales: {
            x: { time: false, min: 0, max: cell.end },
            y: log ? { distr: 3 } : { range: panel.unit === 'share' ? [0, 1] : (_, __, max) => [0, max > 0 ? max * 1.08 : 1] },
          },
          axes: [
            { ...axis, ticks, size: 26, values: (_, values) => values.map((value) => `${digits(value)} s`) },
            {
              ...axis,
              grid: { ...axis.grid, filter: decades },
              ticks: { ...ticks, filter: decades },
              filter: decades,
              size: 66,
              space: 26,
              values: (_, values) => values.map((value) => (value === null ? '' : words[panel.unit](value))),
            },
          ],
          series: [
            {},
            ...panel.lines.map((line) => ({
              label: line.name,
              stroke: () => colour(`--s${line.tone}`),
              width: 1.6,
              dash: line.dash.map((length) => (length * devicePixelRatio) / 2),
              points: { show: line.values.filter((value) => value !== null).length < 3 },
            })),
          ],
          hooks: {
            drawClear: [drawBands(cell.bands, lanes, cell.end)],
            setCursor: [
              (drawn) => {
                const index = drawn.cursor.idx
                panel.lines.forEach((line, at) => {
                  const value = index === null || index === undefined ? null : line.values[index]
                  if (outputs[at]) outputs[at].textContent = value === null || value === undefined ? '' : words[panel.unit](value)
                })
              },
            ],
            setScale: [
              (drawn, key) => {
                if (key !== 'x' || following) return
                following = true
                const { min, max } = drawn.scales.x
                for (const other of own) if (other !== drawn) other.setScale('x', { min, max })
                following = false
              },
            ],
          },
        },
        [times, ...panel.lines.map((line) => (log ? line.values.map((value) => (value > 0 ? value : null)) : line.values))],
        host,
      )
      own.push(plot)
      plots.push(plot)
      if (typeof ResizeObserver === 'function') {
        new ResizeObserver(() => {
          if (host.clientWidth > 0) plot.setSize({ width: width(), height: plot.height })
        }).observe(host)
      }
      host.addEventListener('dblclick', () => zoomTo(0, cell.end))
    }
    const bar = document.createElement('div')
    bar.className = 'zoom'
    bar.setAttribute('role', 'group')
    bar.setAttribute('aria-label', 'Zoom in time')
    const button = (name, act) => {
      const element = document.createElement('button')
      element.type = 'button'
      element.textContent = name
      element.addEventListener('click', () => {
        const { min, max } = own[0].scales.x
        act(min, max, max - min)
      })
      bar.append(element)
    }
    button('Zoom in', (min, max, span) => zoomTo(min + span / 4, max - span / 4))
    button('Zoom out', (min, max, span) => zoomTo(min - span / 2, max + span / 2))
    button('Earlier', (min, max, span) => zoomTo(min - span / 2, max - span / 2))
    button('Later', (min, max, span) => zoomTo(min + span / 2, max + span / 2))
    button('Whole run', () => zoomTo(0, cell.end))
    if (own.length > 0) container.before(bar)
  }

  const drawWhenOpened = (cell) => {
    const details = document.getElementById(cell.cell)
    if (!details) return
    details.addEventListener('toggle', () => {
      if (details.open) drawCell(cell)
    })
  }
  dataOf('plots').then((cells) => {
    if (typeof uPlot === 'function') for (const cell of cells ?? []) drawWhenOpened(cell)
    unfold()
  })
})()
