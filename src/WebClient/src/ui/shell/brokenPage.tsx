import { useWords } from '../shared/hooks'

/** Instead of an empty page, when the client has broken. */
export function BrokenPage() {
  const { t } = useWords()
  return (
    <main className="page">
      <section className="card" aria-labelledby="broken-title">
        <h1 id="broken-title" tabIndex={-1}>
          {t('shell.broken')}
        </h1>
        <p role="alert">{t('shell.brokenHint')}</p>
        <button
          type="button"
          className="primary"
          onClick={() => {
            window.location.reload()
          }}
        >
          {t('shared.reload')}
        </button>
      </section>
    </main>
  )
}
