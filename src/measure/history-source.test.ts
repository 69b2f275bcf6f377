import { historySourceContract } from './history-source.contract.ts'
import { sourceOfColumns } from './history-source.ts'

historySourceContract('columns in memory', async (history) => sourceOfColumns(history), 100)
