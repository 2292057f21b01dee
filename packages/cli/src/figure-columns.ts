type Metrics = Readonly<Record<string, number>>;

/** Which two hold-out figures a table shows: those of a regression, or of a classification. */
export function figureColumns(all: readonly Metrics[]): {
  readonly titles: readonly [string, string];
  readonly of: (metrics: Metrics) => readonly [number | undefined, number | undefined];
} {
  return all.some(metrics => metrics['rmse'] !== undefined)
    ? { titles: ['RMSE', 'R²'], of: metrics => [metrics['rmse'], metrics['r2']] }
    : { titles: ['log loss', 'AUC'], of: metrics => [metrics['log_loss'], metrics['auc']] };
}
