#lang racket/base

;; Job J in PLT Redex: every program of exactly --size nodes, run as a function's body.
;;
;; Encoding. A state is (statement frames monitor), and every rule matches at its root:
;; there are no evaluation contexts to decompose, the costly part of a Redex step. What a
;; rule only moves is `any`, which matches without a walk through the term; only
;; completions are told apart by nonterminals. The relation has no domain to check at each
;; step, and Redex's cache of matches is off, as states hardly recur. Programs are streamed
;; to a callback. Side conditions in place of nonterminals measured the same.
;;
;; Property. Entering a finally statement pushes `idle`, its clause makes that `ran`,
;; leaving pops `ran`. No rule fits any other sequence: such a run stops short of an end,
;; and is counted as violated.

(require racket/cmdline redex/reduction-semantics)

(define size 4)
(command-line
 #:once-each
 [("--size") n "programs of exactly this many nodes" (set! size (string->number n))])

(define-language try
  (c ::= pass j)
  (j ::= raiseA raiseB return break continue)
  (o ::= pass raiseB return break continue)
  (t ::= pass continue)
  (e ::= raiseA raiseB return)
  (p ::= pass break continue))

(define step
  (reduction-relation
   try
   (--> ((seq any_s any_t) any_k any_w) (any_s (then any_t any_k) any_w))
   (--> ((except any_s any_t) any_k any_w) (any_s (catch any_t any_k) any_w))
   (--> ((finally any_s any_t) any_k any_w)
        (any_s (cleanup any_t any_k) (idle any_w)))
   (--> ((loop any_s) any_k any_w) (any_s (again any_s any_k) any_w))
   (--> (event any_k any_w) (pass any_k any_w))

   (--> (pass (then any_t any_k) any_w) (any_t any_k any_w))
   (--> (j (then any_t any_k) any_w) (j any_k any_w))

   (--> (raiseA (catch any_t any_k) any_w) (any_t any_k any_w))
   (--> (o (catch any_t any_k) any_w) (o any_k any_w))

   (--> (c (cleanup any_t any_k) (idle any_w))
        (any_t (pending c any_k) (ran any_w)))
   (--> (pass (pending c any_k) (ran any_w)) (c any_k any_w))
   (--> (j (pending c any_k) (ran any_w)) (j any_k any_w))

   (--> (t (again any_s any_k) any_w) (any_s (last any_k) any_w))
   (--> (break (again any_s any_k) any_w) (pass any_k any_w))
   (--> (e (again any_s any_k) any_w) (e any_k any_w))

   (--> (p (last any_k) any_w) (pass any_k any_w))
   (--> (e (last any_k) any_w) (e any_k any_w))))

(define (each-program n inside? give)
  (cond
    [(= n 1)
     (for-each give '(pass event raiseA raiseB return))
     (when inside? (for-each give '(break continue)))]
    [else
     (each-program (- n 1) #t (lambda (s) (give (list 'loop s))))
     (for ([i (in-range 1 (- n 1))])
       (each-program
        i inside?
        (lambda (s)
          (each-program
           (- n 1 i) inside?
           (lambda (t)
             (give (list 'seq s t))
             (give (list 'except s t))
             (give (list 'finally s t)))))))]))

(define programs 0)
(define steps 0)
(define tally (make-hasheq))

(define (go state)
  (define next (apply-reduction-relation step state))
  (cond
    [(null? next) state]
    [(null? (cdr next)) (set! steps (+ steps 1)) (go (car next))]
    [else (error 'j "two rules apply to ~s" state)]))

(define (outcome state)
  (if (equal? (cdr state) '(halt quiet)) (car state) 'violated))

(caching-enabled? #f)
(define began (current-inexact-milliseconds))
(each-program
 size #f
 (lambda (s)
   (set! programs (+ programs 1))
   (hash-update! tally (outcome (go (list s 'halt 'quiet))) add1 0)))
(define seconds (/ (- (current-inexact-milliseconds) began) 1000))
(define (count-of what) (hash-ref tally what 0))
(printf "programs ~a\nsteps ~a\nseconds ~a\n" programs steps seconds)
(for ([what '(pass raiseA raiseB return violated)])
  (printf "~a ~a\n" what (count-of what)))
