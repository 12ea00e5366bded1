use rayon::prelude::*;
use shequ::{
    base::stats::estimate,
    city::synth,
    institution::{council, funding},
    metric, model,
    scenario::Scenario,
};
fn main() {
    let mut base = Scenario::standard();
    base.months = 120;
    base.population.adults = 3000;
    let city = synth::city(&base.population, &base.eras[0].rules.residents, 1);
    let fixed = model::prepare(&base);
    let arms: Vec<(&str, Box<dyn Fn(&mut Scenario)>)> = vec![
        (
            "council",
            Box::new(|s| {
                let i = &mut s.eras[0].rules.institutions;
                i.funding.decider = funding::Decider::Council;
                i.council.enabled = true;
            }),
        ),
        (
            "committee",
            Box::new(|s| {
                let i = &mut s.eras[0].rules.institutions;
                i.funding.decider = funding::Decider::Committee;
            }),
        ),
        (
            "sortition",
            Box::new(|s| {
                let i = &mut s.eras[0].rules.institutions;
                i.funding.decider = funding::Decider::Council;
                i.council.enabled = true;
                i.council.selection = council::Selection::Sortition;
            }),
        ),
        (
            "outreach",
            Box::new(|s| {
                let o = &mut s.eras[0].rules.institutions.outreach;
                o.wechat_account = 0.8;
                o.wechat_group = 0.8;
                o.home_visits = 0.2;
            }),
        ),
        (
            "return",
            Box::new(|s| {
                let i = &mut s.eras[0].rules.institutions;
                i.admin.return_power = 0.4;
            }),
        ),
        (
            "grants",
            Box::new(|s| {
                let i = &mut s.eras[0].rules.institutions;
                i.organisations.grants = 40000.0;
                i.organisations.local_preference = 0.5;
            }),
        ),
    ];
    let m = metric::all().len();
    let last_year = |s: &Scenario| -> Vec<Vec<f64>> {
        (0..30u32)
            .into_par_iter()
            .map(|r| {
                let life = model::live(s, &fixed, &city, r, &|_| true).unwrap();
                (0..m).map(|k| estimate((108..120).map(|t| life.monthly[t * m + k])).mean).collect()
            })
            .collect()
    };
    let b = last_year(&base);
    let mut rows: Vec<String> = metric::all()
        .iter()
        .enumerate()
        .map(|(k, x)| format!("{:26} {:9.4}", x.name, estimate(b.iter().map(|r| r[k])).mean))
        .collect();
    let mut head = format!("{:26} {:>9}", "", "base");
    for (name, change) in &arms {
        head += &format!(" {:>17}", name);
        let mut s = base.clone();
        change(&mut s);
        let a = last_year(&s);
        for k in 0..m {
            let d = estimate(a.iter().zip(&b).map(|(x, y)| x[k] - y[k]));
            let star = if d.half_width < d.mean.abs() { '*' } else { ' ' };
            rows[k] += &format!(" {:8.4}±{:7.4}{}", d.mean, d.half_width, star);
        }
    }
    println!("{head}");
    for r in rows {
        println!("{r}");
    }
}
