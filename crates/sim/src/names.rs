//! Names as one meets them in the south of Shanxi: a village has two or three surnames that most
//! people bear, and a given name tells the decade.

use base::Sex;

use crate::dice::Dice;

/// Surnames and how common they are in the county, roughly.
const SURNAMES: [(&str, u32); 44] = [
    ("王", 90),
    ("李", 80),
    ("张", 80),
    ("刘", 50),
    ("赵", 40),
    ("杨", 35),
    ("郭", 35),
    ("贾", 25),
    ("高", 25),
    ("乔", 20),
    ("柴", 20),
    ("邓", 18),
    ("许", 18),
    ("梁", 18),
    ("曹", 16),
    ("薛", 16),
    ("段", 14),
    ("卢", 14),
    ("闫", 14),
    ("郝", 14),
    ("韩", 14),
    ("侯", 12),
    ("吉", 12),
    ("任", 12),
    ("樊", 12),
    ("毛", 10),
    ("关", 10),
    ("范", 10),
    ("景", 10),
    ("胡", 10),
    ("席", 8),
    ("原", 8),
    ("盛", 8),
    ("邢", 8),
    ("董", 8),
    ("孙", 8),
    ("陈", 8),
    ("徐", 8),
    ("宋", 8),
    ("史", 6),
    ("石", 6),
    ("尉", 6),
    ("尹", 5),
    ("焦", 5),
];

/// First and second characters of given names, for men and for women, up to a birth year.
struct Era {
    until: i16,
    /// Names of one character only, in 10,000.
    single: u32,
    male: [&'static str; 2],
    female: [&'static str; 2],
}

const ERAS: [Era; 6] = [
    Era {
        until: 1949,
        single: 300,
        male: ["福德贵金天玉长永万根喜保学文", "根生娃贵福全元才旺喜山林顺成"],
        female: ["秀桂玉金兰月翠凤春素", "英兰梅莲花香娥枝珍莲叶"],
    },
    Era {
        until: 1964,
        single: 600,
        male: ["建国志新卫文永俊小春保红福玉", "国民生明平华义和成忠林庆发亮"],
        female: ["秀玉爱桂春淑改月兰凤", "英兰花梅珍芳萍香娥莲琴"],
    },
    Era {
        until: 1979,
        single: 1_500,
        male: ["建红卫志国永俊新小军文海晓立", "军平红强明伟民峰杰锋斌东兵龙"],
        female: ["红丽秀海晓艳爱俊小春", "霞丽红芳萍琴梅英玲艳娟"],
    },
    Era {
        until: 1994,
        single: 3_500,
        male: ["晓志海俊鹏建文亚小学宏国少红", "鹏伟磊杰飞亮超波峰涛斌刚龙凯"],
        female: ["晓丽艳海雪亚文婷小红", "丽娟霞静婷燕娜敏芳琴花"],
    },
    Era {
        until: 2007,
        single: 2_500,
        male: ["嘉文泽俊子志宇鑫浩佳昊晨旭凯", "豪杰浩鑫宇涛洋辉龙轩航瑞波阳"],
        female: ["雨佳欣思雅文梦晓静嘉", "婷欣洁琪悦颖怡茹蕾瑶倩"],
    },
    Era {
        until: i16::MAX,
        single: 400,
        male: ["浩子宇梓俊博奕泽皓一铭睿晨佑", "轩宇泽涵辰然豪睿博阳霖哲恒铭"],
        female: ["梓欣雨子诗可一若思语", "涵怡彤萱妍琪悦馨桐瑶菲"],
    },
];

/// The surnames of a village, most of its families bearing the first three.
pub(crate) struct Surnames([&'static str; 3]);

impl Surnames {
    pub fn of_village(dice: &mut Dice) -> Surnames {
        let first = surname(dice);
        let second = other_surname(dice, &[first]);
        Surnames([first, second, other_surname(dice, &[first, second])])
    }

    /// The surname of one of the village's families.
    pub fn family(&self, dice: &mut Dice) -> &'static str {
        match dice.below(100) {
            0..=34 => self.0[0],
            35..=57 => self.0[1],
            58..=69 => self.0[2],
            _ => surname(dice),
        }
    }
}

/// Any surname of the county: who married in, who lodges, who visits.
pub(crate) fn surname(dice: &mut Dice) -> &'static str {
    dice.weigh(&SURNAMES)
}

fn other_surname(dice: &mut Dice, than: &[&str]) -> &'static str {
    let drawn = surname(dice);
    if than.contains(&drawn) { other_surname(dice, than) } else { drawn }
}

/// A full name for somebody born in `year`.
pub(crate) fn full_name(dice: &mut Dice, surname: &str, sex: Sex, year: i16) -> String {
    let era = ERAS.iter().find(|era| year <= era.until).unwrap_or(&ERAS[5]);
    let [first, second] = if sex == Sex::Male { era.male } else { era.female };
    let mut name = String::with_capacity(9);
    name.push_str(surname);
    if !dice.chance(era.single) {
        name.push(character(dice, first));
    }
    name.push(character(dice, second));
    name
}

fn character(dice: &mut Dice, pool: &str) -> char {
    let count = u32::try_from(pool.len() / 3).unwrap_or(0);
    pool.chars().nth(dice.below(count) as usize).unwrap_or('明')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_village_is_mostly_of_three_surnames() {
        let mut dice = Dice::of(5, &[]);
        let village = Surnames::of_village(&mut dice);
        let dominant = (0..1_000).filter(|_| village.0.contains(&village.family(&mut dice))).count();
        assert!(dominant > 650, "{dominant}");
    }

    #[test]
    fn names_have_two_or_three_characters_of_three_bytes() {
        for era in &ERAS {
            for pool in era.male.iter().chain(&era.female) {
                assert!(pool.chars().all(|c| c.len_utf8() == 3));
            }
        }
        let mut dice = Dice::of(5, &[]);
        for year in 1930..2020 {
            let name = full_name(&mut dice, "乔", Sex::Female, year);
            assert!(name.starts_with('乔') && (2..=3).contains(&name.chars().count()), "{name}");
        }
    }
}
