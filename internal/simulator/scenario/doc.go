// Package scenario reads and plays scenario files: what a buyer does at the checkout, step by step, and what is expected to
// come of it. It is a test runner for a merchant's CI, without credentials and without the provider.
//
// Its one rule: a failure says the step, the line, what was wanted, what came, and why.
//
//	version: 1
//	scenarios:
//	  - name: A lamp to Stockholm
//	    cart: books-and-lamps
//	    steps:
//	      - address: SE 118 26
//	        expect: {with: [{id: ombud, price: 49.00}], total: 776.00}
//	      - buy: yes
//	        expect: {answer: approved}
//	      - wait: acknowledged
//	        expect: {pushes: 1}
//
// docs/scenarios.md is the manual.
package scenario
