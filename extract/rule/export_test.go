package rule

// BudgetOf is a budget of so many steps.
func BudgetOf(steps int) *Budget { return &Budget{steps} }
